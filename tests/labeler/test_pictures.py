"""Pictures without a robot are labelled like any take, and no policy learns to act from them."""

from pathlib import Path

import numpy as np
import pytest
from drawn_takes import draw_take
from label_service import Page
from PIL import Image

from teachloop.app.web.take_cache import TakeCache
from teachloop.datasets.formats.picture_takes import CAMERA, import_pictures
from teachloop.datasets.labels.masks import area
from teachloop.jobs.folder import submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.worker import run
from teachloop.labeler.errors import NothingToFollow
from teachloop.labeler.job_kinds import IMPORT, ImportConfig
from teachloop.labeler.session import LabelingSession
from teachloop.training.data.one_robot import NoRobot, embodiment_of
from teachloop.training.data.usable_takes import usable_takes


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A red square on grey, three times elsewhere."""
    folder = tmp_path / "set"
    folder.mkdir()
    for number in range(3):
        pixels = np.full((64, 64, 3), 90, np.uint8)
        pixels[20:36, 10 * number : 10 * number + 16] = [210, 30, 30]
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def take(tmp_path: Path, pictures: Path) -> str:
    (take,) = import_pictures(tmp_path, pictures, "Ada", lambda written, pictures: None).takes
    return take


def test_a_click_makes_a_mask_and_sub_tasks_can_be_named(tmp_path: Path, take: str) -> None:
    page = Page(tmp_path)
    patch = page.act(
        "click", take=take, camera=CAMERA, frame=1, object="square", x=18, y=28, author="Ada"
    )
    (mask,) = patch.masks
    assert mask.frame == 1
    page.act("segments", take=take, segments=[{"start": 0, "end": 2, "text": "left"}])
    page.service.close()
    detail = TakeCache(tmp_path).detail(take)
    assert (detail.ticks, detail.frame_index) == (3, {CAMERA: [0, 1, 2]})


def test_nothing_is_followed_from_one_picture_to_the_next(tmp_path: Path, take: str) -> None:
    with LabelingSession.open(tmp_path / "takes" / take, "Ada") as session:
        session.click(CAMERA, 0, "square", 8, 28)
        with pytest.raises(NothingToFollow, match="single pictures"):
            session.propagate()
        (record,) = session.snapshot.masks.values()
    assert area(record.rle) == pytest.approx(256, abs=20)


def test_no_policy_learns_from_them(tmp_path: Path, take: str) -> None:
    draw_take(tmp_path, "one", success=True)
    assert usable_takes(tmp_path, masks=False, also=("unjudged",)).ids == ("one",)
    with pytest.raises(NoRobot, match="pictures without a robot"):
        embodiment_of(tmp_path, ["one", take])


def test_a_job_imports_and_one_that_is_cancelled_leaves_nothing(
    tmp_path: Path, pictures: Path
) -> None:
    kinds = JobKinds(IMPORT)
    config = ImportConfig(source=str(pictures), author="Ada")
    job = submit(tmp_path, "import", config)
    assert run(job, kinds)
    found = {name: job.status.result[name] for name in ("format", "takes", "pictures", "masks")}
    assert found == {"format": "pictures", "takes": 1, "pictures": 3, "masks": 0}
    again = submit(tmp_path, "import", config)
    (again.path / "cancel").touch()
    assert not run(again, kinds)
    assert len(list((tmp_path / "takes").iterdir())) == 1
