"""One click is moved or taken away on the picture, and an object gets another name."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import Edit, SetObjects, SetSynonyms
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import decode

OBJECTS = SetObjects((ObjectLabel("cup", target=True), ObjectLabel("bin")))
NAMES = ".tl-label .objects .name"
FIELD = ".tl-label .objects input"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("clicks")
    for name in ("dragged", "gone", "cross", "elsewhere", "renamed", "taken", "together", "called"):
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_take(new_window: Callable[..., Any], server: Any) -> Callable[..., LabelWindow]:
    def opened(take: str, *edits: Edit) -> LabelWindow:
        labels = Labels.open(server.data / "takes" / take)
        if not labels.revision:
            labels.apply(edits or (OBJECTS,), 0, "test")
        window = LabelWindow(new_window(), server.data)
        window.show(take)
        return window

    return opened


def clicks(window: LabelWindow, take: str) -> list[tuple[float, float]]:
    """Pixels, whose middles the test clicked on."""
    prompts = window.labels(take).snapshot.prompts
    return [(round(each.values[0] - 0.5), round(each.values[1] - 0.5)) for each in prompts]


def drag(window: LabelWindow, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = window.page.mouse
    mouse.move(*window.at(*start))
    mouse.down()
    mouse.move(*window.at(*end), steps=5)
    mouse.up()


def test_a_click_is_dragged_elsewhere_and_the_mask_follows(
    open_take: Callable[..., LabelWindow],
) -> None:
    """The square of 14 × 14 pixels begins at 10, 20."""
    window = open_take("dragged")
    window.click(40, 50)
    window.revision(2)
    assert decode(window.labels("dragged").snapshot.masks["front", 0, "cup"].rle)[50, 40]
    window.grasp(40, 50)
    window.page.mouse.move(*window.at(16, 26), steps=5)
    window.page.mouse.up()
    window.revision(3)
    assert clicks(window, "dragged") == [(16, 26)]
    mask = decode(window.labels("dragged").snapshot.masks["front", 0, "cup"].rle)
    assert mask[26, 16]
    assert not mask[50, 40]
    window.page.keyboard.press("z")
    window.revision(4)
    assert clicks(window, "dragged") == [(40, 50)]


def test_a_drag_that_begins_beside_every_click_is_a_click_where_it_began(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("elsewhere")
    window.click(14, 26)
    window.revision(2)
    drag(window, (18, 30), (40, 40))
    window.revision(3)
    assert clicks(window, "elsewhere") == [(14, 26), (18, 30)]


def test_the_click_under_the_pointer_goes_and_with_the_last_one_the_mask(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("gone")
    window.click(12, 24)
    window.click(20, 30)
    window.revision(3)
    window.caption("clicked")
    page = window.page
    page.mouse.move(*window.at(50, 55))
    page.keyboard.press("Shift+Delete")
    page.wait_for_selector(".tl-notice:has-text('Point at the click')")
    page.mouse.move(*window.at(12, 24))
    page.keyboard.press("Shift+Delete")
    window.revision(4)
    assert clicks(window, "gone") == [(20, 30)]
    page.keyboard.press("Shift+Delete")
    window.state("Saved")
    assert clicks(window, "gone") == [(20, 30)], "nothing is under the pointer any more"
    page.mouse.move(*window.at(20, 30))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Delete")
    window.state("Saved")
    assert clicks(window, "gone") == [(20, 30)], "it is of the frame before"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Delete")
    window.revision(5)
    window.without_mask()
    page.keyboard.press("z")
    window.caption("clicked")


def test_by_keyboard_the_click_goes_where_the_cross_is(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("cross")
    page = window.page
    page.focus(".tl-label .camera[data-camera=front]")
    for key in ("Shift+ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    window.revision(2)
    window.caption("clicked")
    assert len(window.labels("cross").snapshot.prompts) == 1
    page.keyboard.press("Shift+Delete")
    window.revision(3)
    assert window.labels("cross").snapshot.prompts == ()


def test_an_object_is_renamed_by_a_key_and_keeps_its_mask(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("renamed")
    page = window.page
    window.click(14, 26)
    window.revision(2)
    page.keyboard.press("r")
    page.wait_for_selector(f"{FIELD}:focus")
    page.keyboard.type("blue mug")
    window.state("Not saved yet")
    page.keyboard.press("Enter")
    window.revision(3)
    assert page.locator(NAMES).all_inner_texts() == ["blue mug", "bin"]
    assert page.inner_text(".tl-label .objects li.chosen .name") == "blue mug"
    window.caption("clicked")
    said = window.labels("renamed").snapshot
    assert list(said.masks) == [("front", 0, "blue mug")]
    assert said.targets == ("blue mug",)
    page.keyboard.press("z")
    window.revision(4)
    assert page.locator(NAMES).all_inner_texts() == ["cup", "bin"]
    window.caption("clicked")
    page.keyboard.press("r")
    page.keyboard.type("never mind")
    page.keyboard.press("Escape")
    window.state("Saved")
    assert page.locator(NAMES).all_inner_texts() == ["cup", "bin"]


def test_what_else_an_object_is_called_is_written_by_a_key(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("called")
    page = window.page
    page.keyboard.press("c")
    page.wait_for_selector(f"{FIELD}:focus")
    page.keyboard.type("mug, red  cup,")
    window.state("Not saved yet")
    page.keyboard.press("Enter")
    window.revision(2)
    said = ".tl-label .objects small"
    assert page.inner_text(said) == "mug, red cup"
    page.get_by_role("button", name="Synonyms of bin").click()
    page.keyboard.type("mug")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('“cup” is called “mug” already')")
    window.state("Not saved yet")
    page.press(FIELD, "Escape")
    window.state("Saved")
    labels = window.labels("called")
    labels.apply([SetSynonyms("cup", ("mug", "red cup", "jar"))], 2, "Grace")
    page.get_by_role("button", name="Synonyms of cup").click()
    page.fill(FIELD, "red cup, beaker")
    page.press(FIELD, "Enter")
    window.revision(4)
    assert window.labels("called").snapshot.synonyms == {"cup": ("red cup", "jar", "beaker")}
    page.keyboard.press("z")
    window.revision(5)
    assert window.labels("called").snapshot.synonyms == {"cup": ("mug", "red cup", "jar")}
    page.click(".tl-label .add-object")
    page.keyboard.type("jar")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('It is chosen now')")
    assert window.labels("called").revision == 5


def test_a_name_that_is_taken_stays_in_its_field(open_take: Callable[..., LabelWindow]) -> None:
    window = open_take("taken")
    page = window.page
    page.get_by_role("button", name="Rename bin").click()
    page.keyboard.type("cup")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('already')")
    window.state("Not saved yet")
    page.fill(FIELD, "tray")
    page.press(FIELD, "Enter")
    window.revision(2)
    assert page.locator(NAMES).all_inner_texts() == ["cup", "tray"]


def test_another_window_clicks_on_while_an_object_gets_its_name(
    open_take: Callable[..., LabelWindow],
) -> None:
    one, other = open_take("together"), open_take("together")
    one.click(14, 26)
    other.caption("clicked")
    one.page.keyboard.press("r")
    one.page.keyboard.type("mug")
    one.page.keyboard.press("Enter")
    other.window.wait(f"document.querySelector('{NAMES}').textContent === 'mug'")
    other.click(18, 30)
    one.revision(4)
    said = one.labels("together").snapshot
    assert {prompt.object for prompt in said.prompts} == {"mug"}
    assert [each.name for each in said.objects] == ["mug", "bin"]
