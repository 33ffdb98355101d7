"""Weights that are named are used from the next click on; nothing that runs is lost."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from drawn_takes import draw_take
from labeler_page import METHODS, PLACE, Page, play, until
from made_up_methods import SIZED

from teachloop.app.web.labeler_proxy import LabelerRefused
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import area
from teachloop.labeler.models.settings_file import forget_weights
from teachloop.runtime.atomic_file import write_whole

SLOW = {"slow": "made_up_methods:SlowCopies"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One take, a segmenter that takes weights, of which none are named yet, and some weights."""
    draw_take(tmp_path, "one", labeled=False)
    settings = {"segmenters": {"sized": SIZED}, "propagators": SLOW}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    for name, side in (("seven", "7"), ("three", "3")):
        (tmp_path / name).write_text(side)
    paths = [str(METHODS), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    return tmp_path


def names(page: Page) -> list[str]:
    return [each.name for each in page.proxy.summary.segmenters]


def test_weights_that_are_named_are_used_at_once_and_forgotten_at_once(data: Path) -> None:
    async def scene(page: Page) -> None:
        await until(lambda: names(page) == ["classical"])
        await page.act("read")
        await page.proxy.use_weights("sized", str(data / "seven"))
        assert names(page) == ["classical", "sized"]
        fields = {"frame": 0, "x": 9, "y": 9, "segmenter": "sized", **PLACE}
        await page.act("click", **fields)
        forget_weights(data, "sized")
        await until(lambda: names(page) == ["classical"])
        assert page.changes == [True]

    play(data, scene)
    (record,) = Labels.open(data / "takes" / "one").snapshot.masks.values()
    assert area(record.rle) == 7 * 7


def test_other_weights_answer_the_next_click_in_a_frame_that_was_clicked_in(data: Path) -> None:
    fields = {"frame": 0, "segmenter": "sized", **PLACE}

    async def scene(page: Page) -> None:
        for weights in (data / "seven", data / "three"):
            await page.proxy.use_weights("sized", str(weights))
            await page.act("click", x=9, y=9, **fields)

    play(data, scene)
    (record,) = Labels.open(data / "takes" / "one").snapshot.masks.values()
    assert area(record.rle) == 3 * 3


def test_a_propagation_goes_on_while_weights_are_named(data: Path) -> None:
    async def scene(page: Page) -> None:
        await page.act("click", frame=0, x=9, y=9, **PLACE)
        await page.act("propagate", propagator="slow")
        await page.proxy.use_weights("sized", str(data / "seven"))
        assert (await page.act("read")).propagating
        await page.act("cancel")
        assert (await page.act("undo")).revision == 2

    play(data, scene)


def test_weights_that_are_none_are_refused_in_the_methods_words(data: Path) -> None:
    async def scene(page: Page) -> None:
        with pytest.raises(LabelerRefused, match="nowhere is no side of a square"):
            await page.proxy.use_weights("sized", "nowhere")
        assert names(page) == ["classical"]

    play(data, scene)


def test_settings_that_somebody_writes_are_followed_and_those_that_are_none_are_not(
    data: Path,
) -> None:
    async def scene(page: Page) -> None:
        await until(lambda: names(page) == ["classical"])
        (data / "labeler.json").write_text('{"segmentors": {}}')
        await asyncio.sleep(0.5)
        assert names(page) == ["classical"]
        squares = b'{"segmenters": {"squares": "made_up_methods:Squares"}}'
        write_whole(data / "labeler.json", squares)
        await until(lambda: names(page) == ["classical", "squares"])

    play(data, scene)
    assert "segmentors" in (data / "labeler" / "log.txt").read_text()
