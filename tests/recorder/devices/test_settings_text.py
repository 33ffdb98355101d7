"""A station's file that was written by a stranger: refused in words, in a moment."""

import time
from pathlib import Path

import pytest

from teachloop.recorder.devices.settings_file import BadSettings, load_settings, parse_settings

LAUGHS = "".join(
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
    ]
)
STATION = (
    "robot: {driver: simulated, settings: {all: *a8}}\ncameras: {front: {driver: simulated}}\n"
)


def test_a_few_lines_that_name_a_billion_values_are_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "station.yaml"
    file.write_text(LAUGHS + STATION)
    began = time.process_time()
    with pytest.raises(BadSettings, match="holds more than 20000 values"):
        load_settings(file)
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "{a: " * 3000,
        "- " * 3000 + "x",
        "robot: &a {driver: simulated, settings: {a: *a}}\ncameras: *a\n",
        "robot: !!timestamp x",
        "control_rate_hz: 2027-99-99",
        "a: !!float x",
        "a: !!int x",
        "? {a: b}\n: c",
        "? !!binary '…'\n: c",
        "robot: !!python/object/apply:os.system ['true']",
        "<<: *nothing",
        "x" * 300_000,
        '"\\ud800": 1',
    ],
    ids=lambda text: text[:24],
)
@pytest.mark.parametrize("name", ["station.yaml", "station.toml"])
def test_what_is_no_station_is_refused_in_words(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    with pytest.raises(BadSettings) as refused:
        load_settings(file)
    assert str(file) in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_half_a_character_is_refused_where_it_comes_in() -> None:
    driver = {"driver": "simulated", "settings": {"name": "\ud800"}}
    with pytest.raises(BadSettings, match="half a character"):
        parse_settings({"robot": driver, "cameras": {"front": {"driver": "simulated"}}})
