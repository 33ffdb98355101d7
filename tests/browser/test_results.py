"""What was found belongs to the policy that it was found of; waiting has words; nothing chosen is
lost."""

from typing import Any

import pytest
from filled_data import evaluated

from teachloop.jobs.folder import list_jobs
from teachloop.training.evaluation.config import EvaluateConfig
from teachloop.training.policies.base_names import DEFAULT

RATE = "document.querySelector('.tl-rollout .rate')?.textContent.includes(given)"
LISTED = "[...document.querySelector('.tl-rollout .which').options].map((each) => each.text)"
LOADED_MS = 200_000  # a program that is being loaded cannot be stopped half-way
CHOSEN = "document.querySelector('.tl-finetune .choose .total').textContent.startsWith(given)"


@pytest.fixture(scope="module")
def server(filled_server: Any) -> Any:
    return filled_server


def test_each_policy_has_its_own_results_and_a_new_one_wipes_none(window: Any, server: Any) -> None:
    page = window.page
    window.tab("rollout")
    window.wait("document.querySelector('#rollout-adapter').options.length > 1")
    page.select_option("#rollout-adapter", label="push right")
    page.wait_for_selector(".tl-rollout .results:has-text('push right was not evaluated yet')")
    page.select_option("#rollout-adapter", f"base:{DEFAULT}")
    window.wait(RATE, "35 %")
    (adapter,) = window.ask("/api/adapters")["adapters"]
    config = EvaluateConfig(adapter=adapter["id"], verb="pick", split="novel", rollouts=4)
    evaluated(server.data, config, every=1)
    page.wait_for_timeout(1500)
    assert "35 %" in page.inner_text(".tl-rollout .rate"), "of the base, still"
    page.select_option("#rollout-adapter", label="push right")
    window.wait(RATE, "100 %")
    window.wait(RATE, "push right: pick, new to the base")
    evaluated(server.data, config, every=2)
    window.wait(f"{LISTED}.length === given", 2)
    for found in ("50 %", "100 %"):
        number = [found in text for text in page.evaluate(LISTED)].index(True)
        page.select_option(".tl-rollout .which", index=number)
        window.wait(RATE, f"{found}push right")


def test_a_reload_loses_nothing_that_was_chosen(window: Any) -> None:
    page = window.page
    window.tab("finetune")
    window.wait("document.querySelectorAll('.tl-finetune .takes li input').length === 2")
    for number, on in enumerate((True, False), start=1):
        page.set_checked(f".tl-finetune .takes li:nth-child({number}) input", on)
    page.check("[name=finetune-preset][value=better]")
    page.select_option("#finetune-rollouts", "50")
    page.fill("#finetune-name", "kept for later")
    page.uncheck(".tl-finetune .which-cameras input[value=wrist]")
    window.reload()
    window.tab("finetune")
    window.wait(CHOSEN, "1 of 2")
    assert not page.is_checked(".tl-finetune .takes li:nth-child(2) input")
    assert page.is_checked("[name=finetune-preset][value=better]")
    assert page.input_value("#finetune-rollouts") == "50"
    assert page.input_value("#finetune-name") == "kept for later"
    assert not page.is_checked(".tl-finetune .which-cameras input[value=wrist]")
    plan = page.inner_text(".tl-finetune .plan")
    assert "to try it" in plan, "the time that is named holds the trial"


def test_two_presses_begin_one_job_that_says_at_once_what_it_waits_for(
    window: Any, server: Any
) -> None:
    page = window.page
    window.tab("finetune")
    page.check("[name=finetune-preset][value=tiny]")
    page.fill("#finetune-name", "once")
    page.press("#finetune-name", "Escape")
    window.blur()
    window.enabled(".tl-finetune .go")
    before = len(list_jobs(server.data))
    page.keyboard.press("f")
    page.keyboard.press("f")
    message = "document.querySelector('.tl-finetune .job .message')?.textContent"
    shown = "document.querySelector('.job .which').selectedOptions[0].text.includes(given)"
    window.wait(f"{shown} && {message} !== ''", "once")
    window.enabled(".tl-finetune .go")
    page.keyboard.press("f")
    page.wait_for_selector(".tl-notice:has-text('under way already')")
    assert len(list_jobs(server.data)) == before + 1
    for _ in range(20):
        state, said, share = (
            page.inner_text(f".tl-finetune .job {part}")
            for part in (".state b", ".message", ".share")
        )
        if state.startswith(("queued", "running")):
            assert said, f"{state} without a word"
            assert "so far" in share or "left" in share
        page.wait_for_timeout(150)
    page.click(".tl-finetune .job button:text-is('Cancel')")
    state = "document.querySelector('.job .state b').textContent"
    window.wait(f"/stopping|cancelled/.test({state})")
    window.wait(f"{state} === given", "cancelled", LOADED_MS)
    page.click(".tl-finetune .job button:text-is('Resume')")
    window.wait(f"/^(queued|running)/.test({state})")


def test_the_steps_of_the_stages_are_counted_on(window: Any) -> None:
    rows = [
        {"stage": "look", "step": 0, "grounding": 3.0},
        {"stage": "look", "step": 1, "grounding": 2.0},
        {"stage": "look", "step": 2, "grounding": 1.5},
        {"stage": "look", "step": 1, "grounding": 1.9},  # resumed: done again
        {"stage": "look", "step": 2, "grounding": 1.4},
        {"stage": "act", "step": 20, "cloning": 0.5},  # as earlier versions counted
        {"stage": "act", "step": 30, "cloning": 0.4},
        {"stage": "act", "step": 39, "cloning": 0.0},  # no logarithm
        {"seed": 5, "success": True, "ticks": 80},
    ]
    series = window.page.evaluate(
        """async (rows) => {
          const theme = document.querySelector('script[src$="shared/theme.js"]').src;
          const {seriesOf} = await import(theme.replace("shared/theme", "finetune/series"));
          return seriesOf(rows);
        }""",
        rows,
    )
    assert series == {
        "grounding": [[1, 3.0], [2, 1.9], [3, 1.4]],
        "cloning": [[4, 0.5], [14, 0.4]],
    }


def test_a_server_that_is_away_is_said_in_words(window: Any, server: Any) -> None:
    window.tab("finetune")
    evaluate = ".tl-finetune .adapters li button:text-is('Evaluate')"
    window.page.wait_for_selector(evaluate)
    server.kill()
    window.phase("no connection")
    window.page.click(evaluate)
    window.page.wait_for_selector(".tl-notice:has-text('does not answer')")
    assert "Failed to fetch" not in window.page.inner_text("body")
    server.start()
    window.phase("Hz")
