"""Space, Escape, fields and lists, and everything by keyboard alone, in a real browser."""

import time
from typing import Any

SPEED = "parseInt(document.querySelector('.tl-record .speed-now').textContent)"
SCOPE = "document.querySelector('[role=tab][aria-selected=true]').dataset.tabId"


def test_space_ticks_a_box_at_rest_and_stops_while_anything_may_move(window: Any) -> None:
    page, box = window.page, "#record-countdown"
    before = page.is_checked(box)
    page.focus(box)
    page.keyboard.press("Space")
    assert page.is_checked(box) is not before
    page.keyboard.press("Space")
    assert page.is_checked(box) is before
    window.blur()
    page.keyboard.press("p")
    window.phase("practising")
    page.focus(box)
    page.keyboard.press("Space")
    window.phase("ready")
    assert page.is_checked(box) is before


def test_space_stops_on_the_way_home(window: Any) -> None:
    page = window.page
    page.keyboard.press("p")
    window.phase("practising")
    page.keyboard.down("q")
    page.keyboard.down("d")
    time.sleep(2.0)
    page.keyboard.up("d")
    page.keyboard.up("q")
    page.keyboard.press("p")
    window.phase("ready")
    page.focus("#record-countdown")
    page.keyboard.press("h")
    window.phase("going home")
    page.keyboard.press("Space")
    window.phase("ready")
    page.wait_for_selector(".tl-alarm:has-text('Stopped, holding')")


def test_keys_work_at_once_after_a_task_was_chosen(window: Any) -> None:
    page = window.page
    page.evaluate(
        """() => {
          const list = document.querySelector("#record-task");
          list.focus();
          list.value = "push-novel";
          list.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    window.enabled(".tl-record button.record")
    page.keyboard.press("p")
    window.phase("practising")
    page.keyboard.press("Space")
    window.phase("ready")


def test_arrows_go_through_a_list_and_enter_leaves_it(window: Any) -> None:
    page = window.page
    page.focus("#record-task")
    before = page.input_value("#record-task")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "record-task"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === document.body")
    page.select_option("#record-task", before)


def test_escape_closes_the_jobs(window: Any) -> None:
    window.page.keyboard.press("j")
    window.page.wait_for_selector(".tl-popover")
    window.page.keyboard.press("Escape")
    window.page.wait_for_selector(".tl-popover", state="hidden")


def test_escape_in_a_new_wording_adds_none(window: Any) -> None:
    window.record(0.5)
    page = window.page
    window.tab("label")
    window.wait("document.querySelector('.tl-label .where').textContent.includes('of')")
    wordings = page.locator(".tl-label .paraphrases input")
    before = wordings.count()
    page.click(".tl-label .add-paraphrase")
    page.keyboard.type("never meant")
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert wordings.count() == before
    page.click(".tl-label .add-paraphrase")
    page.keyboard.type("meant")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".tl-label .paraphrases input[aria-label='Wording {before + 1}']")
    assert wordings.last.input_value() == "meant"


def test_keys_do_nothing_behind_a_dialog_and_the_mouse_reaches_stop(window: Any) -> None:
    page = window.page
    page.keyboard.press("p")
    window.phase("practising")
    page.keyboard.press("?")
    page.wait_for_selector(".tl-dialog[open]")
    page.keyboard.down("q")
    page.keyboard.press("2")
    time.sleep(0.5)
    assert page.evaluate(SPEED) <= 1
    page.keyboard.up("q")
    assert page.evaluate(SCOPE) == "record"
    page.click(".tl-stop")
    window.phase("ready")
    page.keyboard.press("Escape")
    page.wait_for_selector(".tl-dialog", state="detached")


BOUND = """async () => {
  const base = performance.getEntriesByType("resource").map((each) => each.name)
    .find((name) => name.endsWith("/shared/keys.js"));
  const { bindings } = await import(base);
  const { KEYS } = await import(base.replace("shared/keys.js", "bar/key_list.js"));
  const bound = bindings.map(({ scope, key }) => `${scope} ${key}`);
  const listed = Object.entries(KEYS)
    .flatMap(([scope, lines]) => lines.map(([key]) => `${scope} ${key}`));
  return { bound, listed };
}"""
# Of driving, which has a list of its own, and of what has no line because it is plain.
DRIVES = ("record", "rollout", "calibrate")
DRIVING = {f"{page} {key}" for page in DRIVES for key in "wasdqeg"}
ARROWS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown")
PLAIN = {f"{page} {key}" for page in (*DRIVES, "label") for key in ARROWS}
STEPS = {f"rollout {key}" for key in "ujl"}  # bound where a study has so many


def bindings(page: Any) -> tuple[set[str], set[str]]:
    """Page and key of all that are bound by now, and of all that are listed."""
    found = page.evaluate(BOUND)
    return set(found["bound"]), set(found["listed"])


def test_every_key_is_listed_also_of_pages_that_nobody_opened(window: Any) -> None:
    page = window.page
    page.keyboard.press("?")
    page.wait_for_selector(".tl-dialog[open]")
    shown = page.inner_text(".tl-dialog")
    assert all(words in shown for words in ("Lock this frame", "Remove the device", "Take above"))
    page.keyboard.press("Escape")
    for name in ("label", "finetune", "rollout", "data", "setup"):
        window.tab(name)
    bound, listed = bindings(page)
    deadline = time.monotonic() + 30
    while not listed - bound <= STEPS and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        bound, listed = bindings(page)
    assert listed - bound <= STEPS
    assert {key for key in bound - listed if not key.startswith("dialog ")} <= DRIVING | PLAIN


def tab_to(page: Any, selector: str) -> None:
    """Reach something with the Tab key, as somebody without a mouse does."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("(given) => document.activeElement.matches(given)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard.")


def test_record_keep_roll_out_and_correct_by_keyboard_alone(window: Any) -> None:
    page = window.page
    kept = len(window.takes())
    tab_to(page, "#record-operator")
    page.keyboard.type("nobody's mouse")
    page.keyboard.press("Enter")
    page.keyboard.press("r")
    window.phase("recording")
    page.keyboard.down("s")
    time.sleep(0.8)
    page.keyboard.up("s")
    page.keyboard.press("r")
    take = window.decide("Enter")
    newest = window.takes()[0]
    assert (newest["id"], newest["operator"], len(window.takes())) == (
        take, "nobody's mouse", kept + 1,
    )  # fmt: skip
    page.keyboard.press("4")
    page.wait_for_selector(".tl-rollout .camera")
    tab_to(page, "#rollout-adapter")
    page.keyboard.press("Enter")
    window.enabled(".tl-rollout button.record")
    page.keyboard.press("r")
    window.said("loading the policy|recording")  # an earlier test may have loaded it
    if "loading" in page.inner_text(".tl-station"):
        page.keyboard.press("Space")
        window.wait("document.querySelector('.tl-notices')?.textContent.includes('stopped before')")
        assert "recording" not in page.inner_text(".tl-station"), "what was stopped does not begin"
        window.enabled(".tl-rollout button.record")
        page.keyboard.press("r")
    window.phase("recording")
    time.sleep(1.0)
    page.keyboard.down("q")
    page.wait_for_selector(".tl-rollout .cameras.corrected")
    time.sleep(0.5)
    page.keyboard.up("q")
    page.wait_for_selector(".tl-rollout .cameras.recording")
    page.keyboard.press("Space")
    corrected = window.decide("Enter", page="rollout")
    assert window.takes()[0]["id"] == corrected
    page.keyboard.press("1")
