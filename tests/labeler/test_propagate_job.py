"""Takes are propagated in by a job, which waits for no training."""

import json
from pathlib import Path

import numpy as np
import pytest
from drawn_takes import draw_take

from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.job_lock import turn
from teachloop.jobs.kinds import BadSettings, JobKinds
from teachloop.jobs.worker import run
from teachloop.labeler.job_kinds import PROPAGATE, PropagateConfig
from teachloop.labeler.methods import Methods
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.settings import LabelerSettings

KINDS = JobKinds(PROPAGATE)
MADE_UP = LabelerSettings(
    segmenters={"squares": "made_up_methods:Squares"},
    propagators={"copies": "made_up_methods:Copies", "telling": "made_up_methods:TellingCopies"},
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two takes, the first with a mask; the made-up propagator is the default."""
    for name in ("one", "two"):
        draw_take(tmp_path, name, labeled=False)
    record = MaskRecord(rle=encode(np.eye(64)), source=MaskSource.HUMAN)
    edits = [SetObjects((ObjectLabel("cup", True),)), SetMask("front", 0, "cup", record)]
    Labels.open(tmp_path / "takes" / "one").apply(edits, 0, "Ada")
    settings = {"propagators": {"copies": "made_up_methods:Copies"}, "propagator": "copies"}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    return tmp_path


def asked(data: Path, *takes: str) -> JobFolder:
    return submit(data, "propagate", PropagateConfig(takes=takes, author="Ada"))


def test_masks_are_carried_on_and_the_rest_is_left_out_with_the_reason(data: Path) -> None:
    job = asked(data, "one", "two", "three")
    with turn(asked(data, "one")):  # a training
        assert run(job, KINDS)
    result = job.status.result
    assert result["takes"] == 1
    assert "click on the object" in str(result["left_out"]["two"])  # type: ignore[index]
    assert "no take 'three'" in str(result["left_out"]["three"])  # type: ignore[index]
    labels = Labels.open(data / "takes" / "one")
    assert len(labels.snapshot.masks) == 40
    assert labels.history()[-1].author == "Ada"


@pytest.mark.parametrize("moment", ["while it looks for masks", "just before it saves them"])
def test_what_a_window_says_of_a_take_meanwhile_is_kept(data: Path, moment: str) -> None:
    folder = data / "takes" / "one"
    methods = Methods(MADE_UP)
    window = LabelingSession.open(folder, "Grace", methods)
    job = LabelingSession.open(folder, "Ada", methods)

    def say(share: float = 0.0) -> None:
        if window.snapshot.instruction is None:
            window.click("front", 3, "cup", 30.0, 40.0, segmenter="squares")
            window.set_instruction("said meanwhile")

    def not_cancelled() -> bool:
        say()
        return False

    with window, job:
        if moment == "just before it saves them":
            job.propagate(cancelled=not_cancelled, propagator="copies")
        else:
            job.propagate(progress=say, propagator="telling")
    labels = Labels.open(folder)
    assert [entry.author for entry in labels.history()] == ["Ada", "Grace", "Grace", "Ada"]
    assert labels.snapshot.instruction == "said meanwhile"
    assert len(labels.snapshot.masks) == 40
    assert labels.snapshot.masks["front", 3, "cup"].source == MaskSource.HUMAN
    assert labels.snapshot.masks["front", 4, "cup"].source == MaskSource.PROPAGATED


def test_a_cancelled_job_keeps_nothing_of_the_take_that_it_was_at(data: Path) -> None:
    job = asked(data, "one")
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert job.status.state == "cancelled"
    assert len(Labels.open(data / "takes" / "one").snapshot.masks) == 1


def test_no_take_is_no_job() -> None:
    with pytest.raises(BadSettings, match="takes"):
        PROPAGATE.read({"takes": []})
