"""Other bases in a real browser: an OpenVLA to train on, a policy server to roll out."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny_openvla import write_checkpoint

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.folder import list_jobs


@pytest.fixture
def policy_server(tmp_path: Path) -> Iterator[str]:
    """The shipped base on an address of its own."""
    command = [sys.executable, "-m", "teachloop.app.cli", "serve-policy", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().split()[1]
    process.terminate()
    process.wait(20)


def add_base(window: Any, name: str) -> None:
    window.tab("finetune")
    window.page.click(".tl-finetune .another summary")
    window.page.fill("#finetune-other", name)
    window.page.press("#finetune-other", "Enter")


def test_an_openvla_is_a_base_like_any_other(window: Any, tmp_path: Path) -> None:
    base = str(write_checkpoint(tmp_path / "openvla", tokenizer=True))
    add_base(window, base)
    window.wait("document.querySelector('#finetune-base')?.value === given", base)
    plan = window.page.inner_text(".tl-finetune .plan")
    assert "vision, projector and language" in plan
    window.reload()
    window.tab("finetune")
    window.wait(
        "[...document.querySelectorAll('#finetune-base option')].some(o => o.value === given)",
        base,
    )


def test_what_an_openvla_can_be_told_goes_with_the_job(
    window: Any, server: Any, tmp_path: Path
) -> None:
    take = window.record_expert()
    page, base = window.page, str(write_checkpoint(tmp_path / "openvla", tokenizer=True))
    add_base(window, base)
    window.wait("document.querySelector('#finetune-base').value === given", base)
    page.click(".tl-finetune .openvla summary")
    page.uncheck(".tl-finetune .labelled")
    cameras = page.locator(".tl-finetune [name=finetune-camera]")
    assert {each.get_attribute("type") for each in cameras.all()} == {"radio"}, "tokens: one camera"
    page.select_option("#openvla-chunk", "8")
    page.check(".tl-finetune [name=finetune-camera][value=wrist]")
    page.fill("#openvla-batch", "0")
    page.check("[name=finetune-preset][value=tiny]")
    page.select_option("#finetune-rollouts", "0")
    before = {job.id for job in list_jobs(server.data)}
    page.click(".tl-finetune .go")
    assert {job.id for job in list_jobs(server.data)} == before, "a batch of none is pointed out"
    page.fill("#openvla-batch", "2")
    page.fill("#openvla-at-once", "3")
    page.click(".tl-finetune .go")
    problem = page.wait_for_selector(".tl-finetune [data-field=micro_batch] .problem")
    assert "must divide `batch`" in problem.inner_text()
    assert {job.id for job in list_jobs(server.data)} == before
    page.fill("#openvla-at-once", "0")
    page.click(".tl-finetune .go")
    while not (new := [job for job in list_jobs(server.data) if job.id not in before]):
        page.wait_for_timeout(100)
    (job,) = new
    while not job.status.ended:
        page.wait_for_timeout(200)
    assert job.status.state == "done", job.status.message
    assert take in job.spec.config["takes"]
    told = {"base": base, "chunk": 8, "cameras": ["front", "wrist"], "batch": 2}
    assert told.items() <= job.spec.config.items()


def test_what_is_no_base_is_refused_with_what_would_be_one(window: Any) -> None:
    add_base(window, "no/such/folder")
    notice = window.page.wait_for_selector(".tl-notice.bad")
    assert "openvla/openvla-7b" in notice.inner_text()
    assert window.page.input_value("#finetune-other") == "no/such/folder", "to be put right"


def test_a_policy_server_drives(window: Any, server: Any, policy_server: str) -> None:
    add_base(window, policy_server)
    window.page.wait_for_selector(".tl-notice")
    window.tab("rollout")
    choice = f"base:{policy_server}"
    window.wait(
        "[...document.querySelectorAll('#rollout-adapter option')].some(o => o.value === given)",
        choice,
    )
    window.page.select_option("#rollout-adapter", choice)
    window.page.select_option("#rollout-task", "push-novel")
    window.blur()
    window.enabled(".tl-rollout .reset")
    window.page.keyboard.press("x")
    window.enabled(".tl-rollout button.record")
    window.page.keyboard.press("r")
    window.phase("recording")
    window.wait("/thinks \\d+ ms/.test(document.querySelector('.tl-rollout .hint').textContent)")
    time.sleep(1.0)
    window.page.keyboard.press("r")
    take = window.decide(page="rollout")
    with Take.open(server.data / "takes" / take) as opened:
        assert (opened.actions.decided_by == Decider.POLICY).sum() > 5
