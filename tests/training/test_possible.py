"""What a data folder cannot give is refused before there is a job."""

from pathlib import Path

import pytest
from drawn_takes import draw_take

from teachloop.datasets.takes.trash import put_in_bin
from teachloop.datasets.tool import Tool
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.validation import Invalid
from teachloop.simulation.sampling import sample_scene
from teachloop.training.adapters.card import AdapterCard, TakeReference, write_card
from teachloop.training.adapters.registry import (
    NoSuchAdapter,
    delete_adapter,
    finished_path,
    new_adapter,
)
from teachloop.training.evaluation.layouts import NotSimulated
from teachloop.training.job_kinds import COMPARE, EVALUATE, FINETUNE
from teachloop.training.policies.base_names import DEFAULT, UnknownBase


def refusal(data: Path, **asked: object) -> Invalid:
    with pytest.raises(Invalid) as refused:
        FINETUNE.check(data, asked)  # type: ignore[arg-type]
    return refused.value


def test_trials_of_what_a_real_robot_taught_are_refused_by_their_field(tmp_path: Path) -> None:
    real = draw_take(tmp_path, "real")
    FINETUNE.check(tmp_path, {"takes": [real]})
    error = refusal(tmp_path, takes=[real], rollouts=10)
    assert error.field == "rollouts"
    assert "real robot" in str(error)
    scene = sample_scene(7, verb="stack", split="base").to_json()
    simulated = draw_take(tmp_path, "simulated", scene=scene)
    FINETUNE.check(tmp_path, {"takes": [real, simulated], "rollouts": 10})


def test_takes_that_are_gone_binned_or_damaged_are_refused_by_name(tmp_path: Path) -> None:
    take, binned, damaged = (draw_take(tmp_path, name) for name in ("good", "binned", "bad"))
    put_in_bin(tmp_path / "takes" / binned, "Ada")
    (tmp_path / "takes" / damaged / "take.h5").write_bytes(b"nothing")
    for other, said in (("gone", "no take 'gone'"), (binned, "in the bin"), (damaged, "bad")):
        error = refusal(tmp_path, takes=[take, other])
        assert (error.field, said in str(error)) == ("takes", True), error
    assert refusal(tmp_path, takes=[]).field == "takes"


def test_takes_of_two_tools_or_with_and_without_a_gripper_are_not_mixed(tmp_path: Path) -> None:
    hand = draw_take(tmp_path, "hand")
    longer = draw_take(tmp_path, "longer", tool=Tool(position_m=(0.0, 0.0, 0.2)))
    without = draw_take(tmp_path, "without", gripper=None)
    for other, said in (
        (longer, "Take longer was recorded with a tool whose centre point is 97 mm and 45°"),
        (without, "Take without was recorded without a gripper, and there is one, in hand"),
    ):
        error = refusal(tmp_path, takes=[hand, other])
        assert error.field == "takes"
        assert said in str(error)


def test_a_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    take = draw_take(tmp_path, "one")
    with pytest.raises(UnknownBase, match="nowhere"):
        FINETUNE.check(tmp_path, {"takes": [take], "base": "nowhere"})
    with pytest.raises(UnknownBase, match="nowhere"):
        EVALUATE.check(tmp_path, {"base": "nowhere"})


def test_a_deleted_adapter_is_neither_evaluated_nor_compared(tmp_path: Path) -> None:
    take = TakeReference(id=draw_take(tmp_path, "real"), sha256="", labels_revision=1)
    with new_adapter(tmp_path) as folder:
        card = AdapterCard(name="a", base=DEFAULT, base_sha256="", takes=(take,), statistics={})
        write_card(folder, card)
    adapter = finished_path(folder).name
    EVALUATE.check(tmp_path, {"adapter": adapter})
    with pytest.raises(NotSimulated):
        COMPARE.check(tmp_path, {"adapter": adapter})
    delete_adapter(tmp_path, adapter)
    for kind in (EVALUATE, COMPARE):
        with pytest.raises(NoSuchAdapter) as refused:
            kind.check(tmp_path, {"adapter": adapter})
        assert isinstance(refused.value, TeachloopError)
