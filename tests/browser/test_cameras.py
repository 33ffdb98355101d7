"""Pages show the cameras that the station has: here two of the simulator and a made-up third."""

import os
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take

from teachloop.jobs.folder import list_jobs

STATION = """
robot: {driver: simulated}
cameras:
  front: {driver: simulated, width: 256, height: 256, fps: 20}
  wrist: {driver: simulated, width: 256, height: 256, fps: 20}
  above-the_table: {driver: "painted_camera:PaintedCamera", width: 320, height: 180, fps: 10}
"""
CAMERAS = ["front", "wrist", "above-the_table"]
FIGURES = """(page) => [...document.querySelectorAll(`.tl-${page} .camera`)].map((figure) => {
  const {left, top, right, bottom} = figure.getBoundingClientRect();
  const {width, height} = figure.querySelector(".picture");
  return {name: figure.dataset.camera, box: [left, top, right, bottom], size: [width, height]};
})"""
MADE_UP = """async (count) => {
  const module = document.querySelector('link[href$="shared/figures.js"]').href;
  const { showFigures } = await import(module);
  const cameras = Array.from({length: count}, (_, i) => ({name: `${i}`, width: 640, height: 480}));
  const views = document.querySelector(".tl-record .views");
  const overlays = document.querySelector(".tl-record .overlays");
  showFigures(views, cameras, {}, (figures) => figures[0].append(overlays));
  const all = [...views.children, document.querySelector(".tl-record .traces")];
  const box = ({left, top, right, bottom}) => [left, top, right, bottom];
  return all.map((each) => box(each.getBoundingClientRect()));
}"""
GLOW = """async (name) => {
  const module = document.querySelector('link[href$="shared/figures.js"]').href;
  const { drawAttention } = await import(module.replace("shared/figures", "rollout/attention"));
  const figure = document.querySelector(`.tl-record [data-camera=${name}]`);
  const [picture, over] = figure.querySelectorAll("canvas");
  drawAttention(over, picture, {height: 1, width: 2, values: btoa("\\xff\\x00")});
  const { clientWidth: width, clientHeight: height } = over;
  const shown = picture.width * Math.min(width / picture.width, height / picture.height);
  const ratio = over.width / width;
  const glow = (share) => over.getContext("2d").getImageData(
    ratio * ((width - shown) / 2 + share * shown), ratio * height / 2, 1, 1).data[3];
  return [0.03, 0.97].map(glow);
}"""
GREEN = """(() => {
  const sheet = document.querySelector(`.tl-data [data-camera=${given}] .picture`);
  const [red, green] = sheet.getContext("2d").getImageData(160, 90, 1, 1).data;
  return green > 2 * red;
})()"""  # as the made-up camera paints
Box = list[float]


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A station of three cameras; where its processes find the third one's driver is said."""
    data = tmp_path_factory.mktemp("three")
    (data / "station.yaml").write_text(STATION)
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = new_server(data, {"PYTHONPATH": path})
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The take that these tests share."""
    return {}


def apart(boxes: list[Box]) -> bool:
    """Whether no two of them cover the same place."""
    return all(
        a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        for a, b in combinations(boxes, 2)
    )


def shown(window: Any, page: str) -> dict[str, dict[str, Any]]:
    """What a page shows of each camera, once it is seen that nothing covers or cuts it."""
    figures = window.page.evaluate(FIGURES, page)
    boxes = [figure["box"] for figure in figures]
    assert apart(boxes)
    assert all(0 <= left < right <= 1280 and 0 <= top < bottom <= 800
               for left, top, right, bottom in boxes)  # fmt: skip
    assert all(right - left > 100 and bottom - top > 100 for left, top, right, bottom in boxes)
    return {figure["name"]: figure for figure in figures}


@pytest.mark.parametrize("page", ["record", "rollout"])
def test_every_camera_is_live_and_in_its_own_shape(window: Any, page: str) -> None:
    window.tab(page)
    for camera in CAMERAS:
        window.more_frames(3, page, camera)
    found = shown(window, page)
    assert list(found) == CAMERAS, "in the order of the settings"
    assert [found[name]["size"] for name in CAMERAS] == [[256, 256], [256, 256], [320, 180]]


def test_where_a_policy_looks_is_shown_over_the_whole_picture(window: Any) -> None:
    """It sees the whole picture, whatever its shape, and the whole picture is recorded."""
    window.more_frames(1, camera="above-the_table")
    left, right = window.page.evaluate(GLOW, "above-the_table")
    assert left > 200
    assert right < 50


def test_a_take_plays_back_in_every_camera(window: Any, known: dict[str, str]) -> None:
    known["take"] = window.record(1.0)
    window.tab("data")
    window.page.click(".tl-data tbody tr")
    window.wait("document.querySelectorAll('.tl-data .camera').length === 3")
    window.wait("Number(document.querySelector('.tl-data .playback input').value) > 3")
    assert list(shown(window, "data")) == CAMERAS
    window.wait(GREEN, "above-the_table")


def test_every_camera_can_be_clicked_on(window: Any, known: dict[str, str]) -> None:
    window.tab("label")
    window.wait("document.querySelectorAll('.tl-label .camera').length === 3")
    found = shown(window, "label")
    assert list(found) == CAMERAS
    left, top, right, bottom = found["above-the_table"]["box"]
    caption = "document.querySelector('.tl-label [data-camera=above-the_table] figcaption')"
    window.wait(f"{caption}.textContent !== ''")
    window.page.mouse.click((left + right) / 2, (top + bottom) / 2)
    window.wait("document.querySelector('.tl-label').latencies.length > 0")
    labels = window.ask(f"/api/labels/{known['take']}")
    (prompt,) = labels["prompts"]
    assert prompt["camera"] == "above-the_table"
    assert prompt["values"] == pytest.approx([160, 90], abs=2)


@pytest.fixture(scope="module")
def labelled(server: Any) -> str:
    """A take of all cameras that can be learned from."""
    return draw_take(server.data, "0-labelled", cameras=tuple(CAMERAS), success=True)


def test_a_policy_looks_through_the_cameras_that_were_chosen(
    window: Any, server: Any, labelled: str
) -> None:
    window.tab("finetune")
    boxes = window.page.locator(".tl-finetune [name=finetune-camera]")
    window.wait("document.querySelectorAll('[name=finetune-camera]').length === 3")
    assert [box.get_attribute("value") for box in boxes.all()] == CAMERAS
    assert all(box.is_checked() for box in boxes.all())
    for box in boxes.all():
        box.uncheck()
    assert window.page.locator(".tl-finetune .go").is_disabled()
    assert "at least one" in window.page.inner_text(".tl-finetune .which-cameras .note")
    boxes.nth(1).check()
    window.enabled(".tl-finetune .go")
    window.page.click(".tl-finetune .go")
    window.wait("document.querySelector('.tl-finetune .job .state b') !== null")
    (job,) = list_jobs(server.data)
    job.cancel()
    config: dict[str, Any] = dict(job.spec.config)
    assert labelled in config["takes"]
    assert config["cameras"] == ["wrist"]


def test_of_takes_that_differ_the_cameras_of_all_are_offered(
    window: Any, server: Any, labelled: str
) -> None:
    draw_take(server.data, "0-of-another-station", cameras=("wrist", "front"), success=True)
    window.tab("finetune")
    window.wait("document.querySelectorAll('[name=finetune-camera]').length === 2")
    said = window.page.inner_text(".tl-finetune .which-cameras")
    assert "Not all of these takes have above-the_table" in said
    window.enabled(".tl-finetune .go")


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_one_to_four_cameras_stand_apart(window: Any, count: int, size: tuple[int, int]) -> None:
    window.page.set_viewport_size({"width": size[0], "height": size[1]})
    boxes = window.page.evaluate(MADE_UP, count)
    assert len(boxes) == count + 1, "and the traces"
    assert apart(boxes)
    assert all(right - left > 100 and bottom - top > 90 for left, top, right, bottom in boxes)
    widths = [right - left for left, _, right, _ in boxes[:count]]
    assert widths[0] == max(widths)
