"""The tools of the Label page: what each button of the mouse and each key does."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode

TARGET = SetObjects((ObjectLabel("cup", target=True), ObjectLabel("bin")))
CAPTION = "document.querySelector('.tl-label [data-camera=front] figcaption')"
SOMETHING, NOTHING = encode(np.eye(SIDE)), encode(np.zeros((SIDE, SIDE)))
TAKES = (
    "buttons",
    "composed",
    "empty",
    "unsure",
    "hidden",
    "damaged",
    "left",
    "aimless",
    "named",
    "looked",
    "lost",
    "fast",
    "slow",
    "behind",
)


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("tools")
    for name in TAKES:
        draw_take(data, name, labeled=False)
    draw_take(data, "long", labeled=False, cameras=("front", "second-side"))
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_take(kept_window: Any, server: Any) -> Callable[[str], LabelWindow]:
    def opened(take: str, *edits: Edit) -> LabelWindow:
        Labels.open(server.data / "takes" / take).apply(edits or (TARGET,), 0, "test")
        window = LabelWindow(kept_window, server.data)
        window.show(take)
        return window

    return opened


def found(camera: str, frame: int, sure: float, rle: Any = SOMETHING) -> SetMask:
    record = MaskRecord(rle=rle, source=MaskSource.PROPAGATED, confidence=sure)
    return SetMask(camera, frame, "cup", record)


def test_only_the_left_and_the_right_button_click(open_take: Callable[..., LabelWindow]) -> None:
    window = open_take("buttons")
    window.click(14, 26, button="middle")
    window.click(14, 26)
    window.revision(2)
    window.click(40, 50, button="middle")
    window.click(40, 50, button="right")
    window.revision(3)
    assert [each.positive for each in window.labels("buttons").snapshot.prompts] == [True, False]


def test_an_enter_that_ends_a_conversion_saves_nothing(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("composed")
    page = window.page
    page.click(".tl-label .add-paraphrase")
    for part, sign in (("あか", {"isComposing": True}), ("い", {"keyCode": 229}), ("はこ", None)):
        page.keyboard.type(part)
        if sign is not None:
            page.evaluate(
                """sign => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
                  {key: "Enter", bubbles: true, cancelable: true, ...sign}))""",
                sign,
            )
            window.state("Not saved yet")
    page.keyboard.press("Enter")
    window.revision(2)
    assert window.labels("composed").snapshot.paraphrases == ("あかいはこ",)


def test_a_click_that_would_leave_nothing_says_so_and_is_not_kept(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("empty", TARGET, found("front", 0, 0.9, NOTHING))
    window.caption("not in view")
    window.click(14, 26, button="right")
    hint = "document.querySelector('.tl-label .panel .hint').textContent"
    window.window.wait(f"{hint}.includes('Nothing to segment yet')")
    window.page.keyboard.press("b")
    window.page.mouse.move(*window.at(8, 18))
    window.page.mouse.down()
    window.page.mouse.move(*window.at(28, 38), steps=3)
    window.page.mouse.up()
    window.caption("clicked")
    assert [each.kind for each in window.labels("empty").snapshot.prompts] == ["box"]


def test_the_key_for_unsure_frames_leads_from_one_to_the_next(
    open_take: Callable[..., LabelWindow],
) -> None:
    sure = [0.9] * TICKS
    sure[3], sure[4], sure[10], sure[15] = 0.2, 0.25, 0.3, 0.4
    both = [(camera, tick) for camera in ("front", "wrist") for tick in range(TICKS)]
    window = open_take("unsure", TARGET, *(found(camera, at, sure[at]) for camera, at in both))
    window.caption("90 % sure")
    visited = []
    for _ in range(3):
        window.page.keyboard.press("n")
        visited.append(window.tick - 1)
    assert visited == [3, 10, 15]


def test_frames_out_of_view_and_frames_without_a_mask_say_so(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take(
        "hidden", TARGET, found("front", 0, 0.9, NOTHING), found("front", 1, 0.5, NOTHING),
        found("front", 2, 0.9), found("front", 4, 0.9),
    )  # fmt: skip
    for words in ("propagated · not in view", "propagated · not found here", "90 % sure"):
        window.caption(words)
        window.page.keyboard.press("ArrowRight")
    window.without_mask()
    rows = [painted(window, tick) for tick in (0, 1, 2, 3)]
    assert len(set(rows)) == 4, "each is drawn in a way of its own"
    window.page.keyboard.press("n")
    assert window.tick - 1 == 3, "a frame without a mask is the least sure"


def painted(window: LabelWindow, tick: int) -> str:
    """The timeline's column of pixels at a tick of the first camera."""
    return window.page.evaluate(
        """([tick, ticks]) => {
          const track = document.querySelector(".tl-label .track");
          const scale = track.width / track.clientWidth;
          const [names, right] = [52, 8];
          const x = names + (tick / (ticks - 1)) * (track.clientWidth - names - right) + 4;
          const height = Math.floor(track.height / 3) - 4;
          return [...track.getContext("2d").getImageData(x * scale, 0, 1, height).data].join();
        }""",
        [tick, TICKS],
    )


def test_a_long_name_of_a_camera_has_room_in_the_timeline(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("long")
    room = window.page.evaluate(
        """() => {
          const track = document.querySelector(".tl-label .track");
          const pen = track.getContext("2d");
          pen.font = "11px system-ui, sans-serif";
          const wide = pen.measureText("second-side").width;
          const scale = track.width / track.clientWidth;
          const row = (track.clientHeight - 4) / 3 + 2;  // above the letters of the second camera
          const { data } = pen.getImageData(0, row * scale, track.width, 1);
          for (let x = 0; x < track.width; x++) if (data[4 * x + 3]) return x / scale - wide;
        }"""
    )
    assert 4 < room < 40


def test_a_take_with_damaged_labels_is_listed_and_goes_back_to_the_whole_ones(
    open_take: Callable[..., LabelWindow], server: Any
) -> None:
    labels = Labels.open(server.data / "takes" / "damaged")
    labels.apply([TARGET], 0, "test")
    labels.apply([found("front", 0, 0.9)], 1, "test")
    log = labels.folder / LOG
    log.write_bytes(log.read_bytes().replace(b'"mask"', b'"musk"'))
    window = open_take("named")
    window.window.reload()
    window.window.tab("label")
    number = next(row["number"] for row in window.window.takes() if row["id"] == "damaged")
    row = window.page.locator(f".tl-label .queue button:has(b:text-is('{number}'))")
    row.wait_for(state="visible")
    assert "damaged" in row.inner_text()
    row.click()
    told = window.page.locator(".tl-label .damaged")
    told.wait_for(state="visible")
    assert "damaged in line 2" in told.inner_text()
    told.get_by_role("button").click()
    told.wait_for(state="hidden")
    window.revision(1)
    assert "no masks" in row.inner_text()
    assert (labels.folder / "damaged.jsonl").read_bytes().count(b"\n") == 1


def test_a_reload_finds_the_take_the_frame_the_object_and_the_order_again(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("left")
    page = window.page
    page.select_option(".tl-label .order", "newest")
    window.window.blur()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("o")
    window.window.reload()
    window.window.tab("label")
    chosen = ".tl-label .objects li.chosen .name"
    assert page.inner_text(chosen) == "bin"
    assert (window.tick, page.input_value(".tl-label .order")) == (11, "newest")
    number = next(row["number"] for row in window.window.takes() if row["id"] == "left")
    assert page.inner_text(".tl-label .title") == f"Take {number}"


def test_masks_without_a_target_are_said_to_teach_nothing(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("aimless", SetObjects((ObjectLabel("cup"),)), found("front", 0, 0.9))
    assert "No object is the target" in window.page.inner_text(".tl-label .panel .hint")
    window.page.click(".tl-label .objects button:text-is('target')")
    window.revision(2)
    assert "No object is the target" not in window.page.inner_text(".tl-label .panel .hint")
    window.page.click(".tl-label .add-object")
    window.page.keyboard.type(" cup ")
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector(".tl-notice:has-text('already')")
    window.revision(2)
    assert window.labels("aimless").snapshot.targets == ("cup",)
    window.page.click(".tl-label .add-object")
    window.page.keyboard.type("bin")
    window.page.keyboard.press("Enter")
    window.revision(3)
    window.page.click(".tl-label .objects li:has-text('bin') button:text-is('target')")
    window.revision(4)
    assert window.labels("aimless").snapshot.targets == ("bin",), "an instruction is about one"


PICTURES = """async (take) => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { Pictures } = await import(loaded.find((name) => name.endsWith("/playback.js")));
  const pictures = new Pictures(take);
"""


def test_a_picture_that_is_looked_at_is_kept_however_many_come(
    open_take: Callable[..., LabelWindow],
) -> None:
    widths = open_take("looked").page.evaluate(
        PICTURES
        + """
          pictures.fetch = () => createImageBitmap(new ImageData(1, 1));
          pictures.room = 400;  // bytes, of which each has four
          const first = await pictures.get("front", 0);
          const last = await pictures.get("front", 1);
          for (let index = 2; index < 102; index++) {
            await pictures.get("front", index);
            await pictures.get("front", 0);
          }
          return [first.width, last.width, pictures.bytes];  // 0 once it is closed
        }""",
        "looked",
    )
    assert widths == [1, 0, 400]


def test_a_picture_that_did_not_come_is_asked_for_again(
    open_take: Callable[..., LabelWindow],
) -> None:
    width = open_take("lost").page.evaluate(
        PICTURES
        + """
          const { fetch } = pictures;
          pictures.fetch = () => Promise.reject(new Error("away"));
          await pictures.get("front", 0).catch(() => {});
          pictures.fetch = fetch;
          return (await pictures.get("front", 0)).width;
        }""",
        "lost",
    )
    assert width > 0


def test_until_a_picture_of_another_take_has_come_nothing_of_the_one_before_is_clicked_on(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("fast", TARGET, found("front", 0, 0.9))
    page, late = window.page, "**/api/takes/slow/frames/**"
    page.route(late, lambda route: None)
    number = next(row["number"] for row in window.window.takes() if row["id"] == "slow")
    page.click(f".tl-label .queue button:has(b:text-is('{number}'))")
    page.wait_for_selector(f".tl-label .title:text-is('Take {number}')")
    window.window.wait(f"{CAPTION}.textContent === given", "")
    window.click(20, 30)
    page.wait_for_timeout(200)
    assert not window.labels("slow").snapshot.prompts
    page.unroute(late)  # what waits goes on
    window.caption("front 0")
    window.click(20, 30)
    window.caption("clicked")


def test_a_click_is_about_the_picture_that_is_seen_also_while_the_next_one_comes(
    open_take: Callable[..., LabelWindow], kept_window: Any
) -> None:
    page, late = kept_window.page, "**/api/takes/behind/frames/front/1.jpg"
    page.route(late, lambda route: None)
    window = open_take("behind")
    page.keyboard.press(".")
    window.window.wait(
        f"{CAPTION.replace('front', 'wrist')}.textContent.startsWith(given)", "wrist 1"
    )
    window.caption("front 0")
    window.click(14, 26)
    window.revision(2)
    page.unroute(late)  # what waits goes on
    window.caption("front 1")
    (prompt,) = window.labels("behind").snapshot.prompts
    assert (prompt.camera, prompt.frame) == ("front", 0)
