"""The station's settings through the web: shown, tried, saved, and refused in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings_file import load_settings
from teachloop.runtime.access import Access

STATION = "/api/station"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    """The server of a data folder whose station does not run."""
    app = build(Site(data, Access(), StationProcess(data)))
    with TestClient(app, base_url="http://127.0.0.1") as running:
        running.headers["origin"] = "http://127.0.0.1"
        yield running


def test_what_there_is_and_what_could_be_is_shown(client: TestClient) -> None:
    shown = client.get(STATION).json()
    assert list(shown["settings"]["cameras"]) == ["front", "wrist"]
    assert (shown["saved"], shown["restart_needed"]) == (False, False)
    cameras = {driver["name"]: driver for driver in shown["drivers"]["cameras"]}
    assert set(cameras) == {"realsense", "simulated", "synthetic", "video", "webcam"}
    assert "hue" in cameras["synthetic"]["settings_schema"]["properties"]
    assert cameras["synthetic"]["error"] == ""
    devices = {(each["kind"], each["name"]): each["connected"] for each in shown["devices"]}
    assert devices["camera", "wrist"] is False
    assert ("robot", "robot") in devices


def test_saved_settings_are_those_of_the_next_station(client: TestClient, data: Path) -> None:
    wanted = PRESETS["synthetic"].model_dump(mode="json")
    shown = client.put(STATION, json=wanted).json()
    assert shown["saved"] is True
    assert shown["settings"] == wanted
    assert load_settings(data / "station.yaml") == PRESETS["synthetic"]


@pytest.mark.parametrize(
    ("device", "settings", "field", "words"),
    [
        (("cameras", "front"), {"hue": "red"}, "cameras.front.settings.hue", "camera 'front': hue"),
        (("cameras", "front"), {"colour": 3}, "cameras.front.settings.colour", "colour"),
        (("robot",), {"speed": 3}, "robot.settings.speed", "of the robot: speed"),
    ],
)
def test_what_a_driver_does_not_understand_is_named_and_not_saved(
    client: TestClient,
    data: Path,
    device: tuple[str, ...],
    settings: dict[str, object],
    field: str,
    words: str,
) -> None:
    client.put(STATION, json=PRESETS["synthetic"].model_dump(mode="json"))
    wrong = part = PRESETS["synthetic"].model_dump(mode="json")
    for name in device:
        part = part[name]
    part["settings"] = settings
    refused = client.put(STATION, json=wrong)
    assert refused.status_code == 422
    assert refused.json()["field"] == field
    assert words in refused.json()["error"]
    assert load_settings(data / "station.yaml") == PRESETS["synthetic"]


def test_a_driver_that_is_not_here_is_told_anything(client: TestClient, data: Path) -> None:
    elsewhere = PRESETS["synthetic"].model_dump(mode="json")
    elsewhere["cameras"]["front"] |= {"driver": "another_lab:Camera", "settings": {"lens": "wide"}}
    assert client.put(STATION, json=elsewhere).status_code == 200
    assert load_settings(data / "station.yaml").cameras["front"].settings == {"lens": "wide"}


def test_a_mistake_names_its_field_and_saves_nothing(client: TestClient, data: Path) -> None:
    before = load_settings(data / "station.yaml") if (data / "station.yaml").is_file() else None
    wrong = PRESETS["synthetic"].model_dump(mode="json")
    wrong["cameras"]["front"]["width"] = -5
    refused = client.put(STATION, json=wrong)
    assert refused.status_code == 422
    assert refused.json()["field"] == "cameras.front.width"
    assert "must be 16 or more, got -5" in refused.json()["error"]
    after = load_settings(data / "station.yaml") if (data / "station.yaml").is_file() else None
    assert after == before


@pytest.mark.parametrize(
    ("device", "ok", "words"),
    [
        ({"driver": "synthetic", "width": 64, "height": 48}, True, "frames of eye within 1 s"),
        ({"driver": "toaster"}, False, "No camera driver 'toaster'"),
        ({"driver": "synthetic", "settings": {"hue": 900}}, False, "hue must be 255 or less"),
        ({"driver": "os:abort"}, False, "pydantic model"),
    ],
)
def test_a_device_is_tried_before_it_is_saved(
    client: TestClient, device: dict[str, object], ok: bool, words: str
) -> None:
    asked = {"kind": "camera", "name": "eye", "device": device}
    said = client.post(f"{STATION}/test", json=asked).json()
    assert said["ok"] is ok, said
    assert words in said["text"]
