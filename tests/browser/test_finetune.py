"""From a labelled take to a policy that drives, in a real browser."""

import re
import time
from typing import Any

import numpy as np
import pytest

from teachloop.app.processes.job_kinds import KINDS
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.folder import JobFolder, list_jobs
from teachloop.labeler.batch import label_take
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.commands import GetStatus
from teachloop.training.grounded.finetune_config import FinetuneConfig

STATE = "RegExp(given).test(document.querySelector('.tl-finetune .job .state b')?.textContent)"
TRAINED_MS = 240_000


@pytest.fixture(scope="module")
def adapter() -> dict[str, str]:
    """The adapter that these tests share."""
    return {}


def test_the_button_trains_an_adapter_and_a_reload_changes_nothing(
    window: Any, server: Any, adapter: dict[str, str]
) -> None:
    take, page = window.record_expert(), window.page
    label_take(server.data / "takes" / take, clicks={}, object_name="thing", use_grasp=True)
    window.tab("finetune")
    page.check("[name=finetune-preset][value=tiny]")
    few = "document.querySelector('#finetune-rollouts').add(new Option('on 2 layouts', '2'))"
    page.evaluate(few)  # a trial as small as one can be
    page.select_option("#finetune-rollouts", "2")
    page.fill("#finetune-name", "first try")
    page.press("#finetune-name", "Tab")
    window.blur()
    window.enabled(".tl-finetune .go")
    page.keyboard.press("f")
    window.wait(STATE, "queued|running|done")
    window.reload()
    window.tab("finetune")
    window.wait(STATE, "queued|running|done")
    window.wait(STATE, "done|failed|crashed", TRAINED_MS)
    assert "done" in page.inner_text(".tl-finetune .job .state"), page.inner_text(".tl-finetune")
    first = "document.querySelector('.tl-finetune .adapters li input')?.value"
    window.wait(f"{first} === given", "first try")  # above those that were there before
    for shown in ("Where it looks", "Where it would go next"):
        page.wait_for_selector(f".tl-finetune .job .pictures figcaption:text('{shown}')")
    figures = page.inner_text(".tl-finetune .job table.offline")
    assert "On 1 take that it learned from" in figures
    assert [each in figures for each in ("before", "after look", "after act")] == [True] * 3
    assert re.search(r"Off what was done\s+\d+\.\d mm", figures), figures
    page.wait_for_selector(".tl-finetune .adapters li .success:text('of 2 layouts')")
    made = window.ask("/api/adapters")["adapters"][0]
    page.wait_for_selector(".tl-finetune .adapters li .facts:text('Learned: off by')")
    assert (made["offline"]["held_out"], made["offline"]["takes"]) == (False, [take])
    adapter["id"] = made["id"]


def test_a_take_that_nobody_judged_is_left_out_unless_it_is_ticked(window: Any) -> None:
    page = window.page
    window.new_scene()  # where the expert has just succeeded, doing nothing does, too
    take = window.record(0.5)
    number = next(row["number"] for row in window.takes() if row["id"] == take)
    window.tab("finetune")
    page.uncheck(".tl-finetune .labelled")
    box = f".tl-finetune .takes li:has(b:text-is('{number}')) input"
    warnings = "document.querySelector('.tl-finetune .warnings').textContent"
    window.wait(f"{warnings}.includes('not judged. Tick them to learn from them, too.')")
    page.wait_for_selector(box)
    assert not page.is_checked(box)
    page.check(box)
    window.wait(f"/Learned from, too: .*not judged/.test({warnings})")
    page.check(".tl-finetune .labelled")


def test_the_adapter_drives_and_a_held_key_takes_over(
    window: Any, server: Any, adapter: dict[str, str]
) -> None:
    if not adapter:
        pytest.skip("no adapter was trained")
    page = window.page
    window.tab("rollout")
    window.wait("document.querySelector('#rollout-adapter').options.length > 1")
    page.select_option("#rollout-adapter", adapter["id"])
    page.select_option("#rollout-task", "push-novel")  # not done before a person takes over
    window.blur()
    window.enabled(".tl-rollout .reset")
    page.keyboard.press("x")
    window.wait("document.querySelector('#rollout-seed').value === '2'")
    window.enabled(".tl-rollout button.record")
    page.keyboard.press("r")
    window.phase("recording")
    page.wait_for_selector(".tl-rollout .cameras.recording")
    time.sleep(2.0)
    page.keyboard.down("q")
    page.wait_for_selector(".tl-rollout .cameras.corrected")
    time.sleep(0.6)
    page.keyboard.up("q")
    page.wait_for_selector(".tl-rollout .cameras.recording")
    time.sleep(1.0)
    page.keyboard.press("r")
    kept = window.decide("Enter", page="rollout")
    with Take.open(server.data / "takes" / kept) as take:
        deciders = set(take.actions.decided_by.tolist())
    assert {Decider.POLICY, Decider.OPERATOR} <= deciders


def test_what_drove_a_roll_out_does_not_drive_what_is_recorded_next(
    window: Any, server: Any, adapter: dict[str, str]
) -> None:
    if not adapter:
        pytest.skip("no adapter was trained")
    with StationClient.of(server.data) as client:
        assert client.send(GetStatus()).agent == "policy"
        window.page.keyboard.press("p")
        window.phase("practising")
        assert client.send(GetStatus()).agent == "keyboard"
    window.page.keyboard.press("p")
    window.phase("ready")


def test_a_job_can_be_cancelled(window: Any, server: Any) -> None:
    config = {"verb": "pick", "split": "base", "rollouts": 200}
    started = window.ask("/api/jobs", {"kind": "evaluate", "config": config})
    window.tab("finetune")
    window.wait(STATE, "queued|running")
    window.page.click(".tl-finetune .job button:text-is('Cancel')")
    window.wait(STATE, "cancelled")
    window.page.wait_for_selector(".tl-finetune .job button:text-is('Resume')")
    assert JobFolder(server.data / "jobs" / started["id"]).status.state == "cancelled"


def test_stages_are_set_by_hand_and_outlive_a_reload(
    window: Any, server: Any, adapter: dict[str, str]
) -> None:
    page = window.page
    window.tab("finetune")
    assert not page.is_visible(".tl-finetune .stages")
    page.check("[name=finetune-preset][value=custom]")
    page.select_option("#look-trains", "")
    page.select_option("#look-points", "grounding_mse")
    page.select_option("#look-names", "triplet")
    page.fill("#look-steps", "2")
    page.select_option("#act-error", "cloning_l2")
    page.fill("#act-steps", "5")
    page.fill("#act-batch", "0")
    page.select_option("#finetune-rollouts", "0")
    window.enabled(".tl-finetune .go")
    page.click(".tl-finetune .go")
    assert page.evaluate("document.activeElement.id") == "act-batch", "what is wrong is shown"
    page.fill("#act-batch", "16")
    page.press("#act-batch", "Tab")
    window.reload()
    window.tab("finetune")
    window.wait("document.querySelector('.tl-finetune .plan').textContent.includes('7 steps')")
    before = {job.id for job in list_jobs(server.data)}
    window.enabled(".tl-finetune .go")
    page.click(".tl-finetune .go")
    window.wait(STATE, "queued|running|done")
    (job,) = [job for job in list_jobs(server.data) if job.id not in before]
    config = KINDS["finetune"].read(job.spec.config)
    assert isinstance(config, FinetuneConfig)
    look, act = config.stages
    assert (look.trains, act.trains) == (("grounding", "contrast"), ("head",))
    assert [*look.objectives, *act.objectives] == ["grounding_mse", "triplet", "cloning_l2"]
    assert [(stage.steps, stage.batch) for stage in (look, act)] == [(2, 24), (5, 16)]
    window.wait(STATE, "done|failed|crashed", TRAINED_MS)
    assert job.status.state == "done", job.status.message


def test_a_take_is_replayed_without_training(window: Any, server: Any) -> None:
    take, page = window.record_expert(), window.page
    label_take(server.data / "takes" / take, clicks={}, object_name="thing", use_grasp=True)
    window.tab("finetune")
    page.check("[name=finetune-preset][value=replay]")
    page.wait_for_selector(".tl-finetune .plan dd:text('nothing: it keeps the takes')")
    page.select_option("#finetune-rollouts", "0")
    page.fill("#finetune-name", "as it was shown")
    page.press("#finetune-name", "Tab")
    window.blur()
    window.enabled(".tl-finetune .go")
    page.keyboard.press("f")
    first = "document.querySelector('.tl-finetune .adapters li input')?.value"
    window.wait(f"{first} === given", "as it was shown")
    adapter = window.ask("/api/adapters")["adapters"][0]["id"]
    window.tab("rollout")
    window.wait("document.querySelector('#rollout-adapter').options.length > 1")
    page.select_option("#rollout-adapter", adapter)
    page.select_option("#rollout-task", "push-novel")  # what was just recorded is done already
    window.blur()
    window.enabled(".tl-rollout .reset")
    scene = page.input_value("#rollout-seed")
    page.keyboard.press("x")
    window.wait("document.querySelector('#rollout-seed').value !== given", scene)
    window.enabled(".tl-rollout button.record")
    page.keyboard.press("r")
    window.phase("recording")
    time.sleep(3.0)
    page.keyboard.press("r")
    kept = window.decide("Enter", page="rollout")
    with Take.open(server.data / "takes" / kept) as driven:
        policys = driven.actions.decided_by == Decider.POLICY
        way_m = np.ptp(driven.actions.applied_pose[policys, :3, 3], axis=0)
    assert way_m.max() > 0.05
