"""The labeler in its own process: killed in the middle of anything, it loses nothing saved."""

import asyncio
import json
import os
import time
from pathlib import Path

import psutil
import pytest
from drawn_takes import draw_take
from labeler_page import METHODS, PLACE, Page, labelers, play, until

from teachloop.app.web.labeler_proxy import LabelerAway, LabelerRefused, NotThere
from teachloop.datasets.labels.labels import Labels
from teachloop.labeler.updates import PresenceChanged


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One take, and methods that take a minute."""
    draw_take(tmp_path, "one", labeled=False)
    slow = {"slow": "made_up_methods:Slow"}
    copies = {"slow": "made_up_methods:SlowCopies"}
    settings = {"segmenters": slow, "propagators": copies}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    paths = [str(METHODS), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setenv("MADE_UP_BEGAN", str(tmp_path / "began"))
    return tmp_path


def test_clicks_are_saved_and_told(data: Path) -> None:
    async def scene(page: Page) -> None:
        patch = await page.act("click", frame=0, x=9, y=9, **PLACE)
        assert (patch.revision, len(patch.masks)) == (1, 1)
        await page.act("propagate")
        await until(
            lambda: page.told[-1].kind == "label_progress" and page.told[-1].state == "done"
        )
        assert len((await page.act("read")).masks) == 40

    play(data, scene)
    assert [entry.author for entry in Labels.open(data / "takes" / "one").history()] == ["Ada"] * 2


def test_it_starts_once_the_first_page_had_its_time(data: Path) -> None:
    async def scene(page: Page) -> None:
        assert page.proxy.summary.running
        assert not labelers()
        await until(lambda: bool(page.proxy.summary.segmenters))
        assert len(labelers()) == 1

    play(data, scene)


def test_whoever_asks_before_waits_for_it_and_starts_one(data: Path) -> None:
    async def scene(page: Page) -> None:
        first = asyncio.create_task(page.act("read"))
        for _ in range(5):
            await asyncio.sleep(0)  # until the process is on its way
        second = await page.act("click", frame=0, x=9, y=9, **PLACE)
        assert ((await first).base_revision, second.revision) == (0, 1)
        (labeler,) = labelers()
        labeler.kill()
        await until(lambda: not page.proxy.summary.running)
        await asyncio.sleep(0.5)
        assert not page.proxy.summary.running
        assert not labelers()

    play(data, scene)


def test_what_can_segment_is_told_with_the_one_that_does(data: Path) -> None:
    async def scene(page: Page) -> None:
        await until(lambda: bool(page.proxy.summary.segmenters))
        offered = page.proxy.summary
        assert [each.name for each in offered.segmenters] == ["classical", "slow"]
        assert offered.segmenter == "classical"
        assert [each.name for each in offered.propagators] == ["classical", "slow"]
        assert "OpenCV" in offered.segmenters[0].needs
        known = "Known: classical, segment-anything, sam2, slow"
        with pytest.raises(LabelerRefused, match=f"No segmenter 'sam'. {known}"):
            await page.act("click", frame=0, x=9, y=9, segmenter="sam", **PLACE)

    play(data, scene)


def test_what_is_refused_says_why(data: Path) -> None:
    async def scene(page: Page) -> None:
        with pytest.raises(NotThere, match="no take 'two'"):
            await page.act("read", take="two")
        with pytest.raises(NotThere):
            await page.proxy.poster("two")
        with pytest.raises(LabelerRefused, match="x must be in the picture"):
            await page.act("click", frame=0, x=-9, y=9, **PLACE)
        assert (await page.proxy.poster("one")).startswith(b"\xff\xd8")

    play(data, scene)


def test_killed_in_mid_click_it_is_said_and_starts_again(data: Path) -> None:
    async def scene(page: Page) -> None:
        await page.act("click", frame=0, x=9, y=9, **PLACE)
        asked = asyncio.create_task(page.act("click", frame=1, x=9, y=9, segmenter="slow", **PLACE))
        await until((data / "began").exists)
        labelers()[0].kill()
        with pytest.raises(LabelerAway, match=r"was killed.*Start it again"):
            await asked
        assert not page.proxy.summary.running
        assert "was killed" in page.proxy.summary.message
        with pytest.raises(LabelerAway):
            await page.act("read")
        page.proxy.start_again()
        await until(lambda: page.proxy.summary.running)
        labels = await page.act("read")
        assert (labels.revision, len(labels.masks)) == (1, 1)
        assert (await page.act("click", frame=1, x=9, y=9, **PLACE)).revision == 2
        assert page.changes == [True, False, True]

    play(data, scene)


def test_killed_in_mid_propagation_nothing_saved_is_lost(data: Path) -> None:
    async def scene(page: Page) -> None:
        await page.act("click", frame=0, x=9, y=9, **PLACE)
        await page.act("propagate", propagator="slow")
        await page.act("click", frame=3, x=9, y=9, **PLACE)
        labelers()[0].kill()
        await until(lambda: not page.proxy.summary.running)
        page.proxy.start_again()
        await until(lambda: page.proxy.summary.running)
        labels = await page.act("read")
        assert (labels.revision, len(labels.masks), labels.propagating) == (2, 2, False)

    play(data, scene)


def test_a_click_waits_neither_for_a_propagation_nor_for_another_take(data: Path) -> None:
    draw_take(data, "two", labeled=False)

    async def scene(page: Page) -> None:
        await page.act("click", frame=0, x=9, y=9, **PLACE)
        await page.act("propagate", propagator="slow")
        slow = asyncio.create_task(
            page.act("click", take="two", frame=1, x=9, y=9, segmenter="slow", **PLACE)
        )
        await until((data / "began").exists)
        began = time.monotonic()
        await page.act("click", frame=3, x=9, y=9, **PLACE)
        assert time.monotonic() - began < 5
        slow.cancel()

    play(data, scene)


def test_six_windows_label_six_takes_at_once_and_no_click_is_lost(data: Path) -> None:
    names = [draw_take(data, f"take-{number}", labeled=False) for number in range(6)]

    async def clicks(page: Page, name: str) -> None:
        fields = {"take": name, "author": f"who labels {name}"}
        for number in range(25):
            where = {"frame": number % 20, "x": 14 + number // 20, "y": 26}
            await page.act("click", **PLACE, **where, **fields)
        assert (await page.act("undo", **fields)).revision == 26

    async def scene(page: Page) -> None:
        await asyncio.gather(*(clicks(page, name) for name in names))

    play(data, scene)
    for name in names:
        labels = Labels.open(data / "takes" / name)
        assert [len(entry.edits) for entry in labels.history()[1:25]] == [2] * 24, "prompt and mask"
        assert len(labels.snapshot.prompts) == 24


def test_five_takes_are_propagated_in_while_a_sixth_is_opened(data: Path) -> None:
    names = [draw_take(data, f"take-{number}", labeled=False) for number in range(8)]

    async def scene(page: Page) -> None:
        for name in names[:5]:
            await page.act("click", take=name, frame=0, x=14, y=26, **PLACE)
            await page.act("propagate", take=name, propagator="slow")
        for name in names[5:]:
            assert not (await page.act("read", take=name)).propagating
            await page.act("click", take=name, frame=0, x=14, y=26, **PLACE)
        for name in names[:5]:
            assert (await page.act("read", take=name)).propagating
            await page.act("cancel", take=name)

    play(data, scene)
    assert [len(Labels.open(data / "takes" / name).snapshot.masks) for name in names] == [1] * 8


def test_it_ends_with_its_parent(data: Path) -> None:
    found: list[psutil.Process] = []

    async def scene(page: Page) -> None:
        await page.act("read")
        found.extend(labelers())

    play(data, scene)
    assert len(found) == 1
    assert not found[0].is_running() or found[0].status() == psutil.STATUS_ZOMBIE


def test_settings_that_are_none_are_said_so(data: Path) -> None:
    (data / "labeler.json").write_text('{"segmentors": {}}')

    async def scene(page: Page) -> None:
        await until(lambda: not page.proxy.summary.running)
        assert "ended with code 1" in page.proxy.summary.message
        assert "labeler.json" in page.proxy.summary.message

    play(data, scene)


def test_who_is_at_a_take_is_told_until_they_leave_or_the_labeler_ends(data: Path) -> None:
    def at(page: Page) -> list[str]:
        return [each.author for each in page.proxy.presence.people]

    async def scene(page: Page) -> None:
        await page.act("success", success=True, window="window 1")
        await until(lambda: at(page) == ["Ada"])
        told = page.proxy.presence.people[0].since_s
        await asyncio.sleep(0.05)
        assert page.proxy.presence.people[0].since_s >= told + 0.05
        await page.proxy.leave("window 1", "two")
        await page.act("success", success=False, author="Grace", window="window 2")
        await until(lambda: at(page) == ["Ada", "Grace"])
        await page.proxy.leave("window 1", "one")
        await until(lambda: at(page) == ["Grace"])
        labelers()[0].kill()
        await until(lambda: page.changes[-1] is False)
        assert at(page) == []
        assert page.told[-1] == PresenceChanged(people=[])

    play(data, scene)
