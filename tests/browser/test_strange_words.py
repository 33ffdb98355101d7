"""Roll out says which words of an instruction the policy reads as others."""

from typing import Any

HINT = "document.querySelector('.tl-rollout .hint').textContent"
LOADED_MS = 60_000  # of a policy, beside whatever else runs


def test_a_colour_that_nobody_told_the_policy_is_said_to_be_read_as_another(window: Any) -> None:
    page = window.page
    window.drive()
    window.tab("rollout")
    window.wait("document.querySelector('#rollout-adapter').options.length > 0")
    page.fill("#rollout-instruction", "pick up the crimson cube")
    page.keyboard.press("Escape")  # leaves the field
    window.enabled(".tl-rollout button.record")
    page.keyboard.press("r")
    window.wait(f"{HINT}.includes('It reads crimson as red.')", None, LOADED_MS)
    page.keyboard.press("Space")
    window.phase("review")
