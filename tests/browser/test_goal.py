"""How many takes of a task are wanted, in a real browser."""

from typing import Any

COUNT = "document.querySelector('.tl-record .goal .count').textContent"


def test_takes_of_a_task_are_counted_towards_a_goal_that_stays(window: Any) -> None:
    page = window.page
    page.fill("#record-instruction", "wipe the table for the goal")
    page.click(".tl-record .task .add")
    window.wait("document.querySelector('#record-task').value.startsWith('wipe the table')")
    window.wait(f"{COUNT} === '0 of this task, of'")
    page.fill(".tl-record .goal input", "2")
    page.keyboard.press("Enter")
    window.blur()
    window.wait(f"{COUNT} === '0 of'")
    window.record(0.4)
    window.wait(f"{COUNT} === '1 of'")
    assert page.evaluate("document.querySelector('.tl-record .goal progress').position") == 0.5
    window.record(0.4)
    page.wait_for_selector(".tl-notice:has-text('That was take 2 of 2')")
    failed = window.record(0.4)
    window.ask(f"/api/takes/{failed}/bin", {"author": "Ada"})
    window.wait(f"{COUNT} === '2 of'")
    window.reload()
    window.drive()
    window.wait("document.querySelector('.tl-record .goal input').value === '2'")
    window.wait(f"{COUNT} === '2 of'")
    page.fill(".tl-record .goal input", "")
    window.blur()
    window.wait(f"{COUNT} === '2 of this task, of'")
