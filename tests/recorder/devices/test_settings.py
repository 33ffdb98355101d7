"""A station's settings: read, saved, and refused in words that name the field."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from teachloop.recorder.devices.presets import PRESETS, preset_name
from teachloop.recorder.devices.settings import ProcessSettings, StationSettings, processes
from teachloop.recorder.devices.settings_file import (
    BadSettings,
    load_settings,
    parse_settings,
    save_settings,
)
from teachloop.recorder.drivers.opening import open_devices
from teachloop.recorder.drivers.registry import UnknownDriver, known_drivers, load_driver
from teachloop.runtime.errors import TeachloopError

GOOD = {"robot": {"driver": "simulated"}, "cameras": {"front": {"driver": "simulated"}}}


@pytest.mark.parametrize("preset", list(PRESETS))
@pytest.mark.parametrize("name", ["station.yaml", "station.toml"])
def test_settings_are_read_as_they_were_saved(preset: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "deep" / name
    save_settings(file, PRESETS[preset])
    assert load_settings(file) == PRESETS[preset]
    assert list(load_settings(file).cameras) == ["front", "wrist"]
    assert [each.name for each in file.parent.iterdir()] == [name]
    assert preset_name(load_settings(file)) == preset


SKEWED = [[1, 0, 0], [0.1, 1, 0], [0, 0, 1]]
MIRRORED = [[1, 0, 0], [0, 1, 0], [0, 0, -1]]


def with_robot(**changed: object) -> dict[str, object]:
    return {**GOOD, "robot": {"driver": "simulated", **changed}}


def with_tool(**changed: object) -> dict[str, object]:
    return with_robot(tool={"position_m": [0, 0, 0.1], **changed})


def with_payload(*moments: float) -> dict[str, object]:
    return with_robot(payload={"mass_kg": 0.5, "inertia_kg_m2": np.diag(moments).tolist()})


def with_camera(**changed: object) -> dict[str, object]:
    return {**GOOD, "cameras": {"front": {"driver": "simulated", **changed}}}


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        (with_camera(width="wide"), "cameras.front.width", "got 'wide'"),
        (with_camera(fps=0), "cameras.front.fps", "must be more than 0"),
        (with_camera(zoom=2), "cameras.front.zoom", "is no field that is known here"),
        ({**GOOD, "cameras": {}}, "cameras", "at least 1"),
        ({**GOOD, "cameras": {f"c{n}": {"driver": "x"} for n in range(5)}}, "cameras", "at most 4"),
        ({**GOOD, "cameras": {"a/b": {"driver": "x"}}}, "cameras.a/b", "must be text like"),
        ({"cameras": GOOD["cameras"]}, "robot", "is missing"),
        ({**GOOD, "limits": {"speed": 1}}, "limits.speed", "is no field"),
        ({**GOOD, "limits": {"speed_m_s": 0}}, "limits.speed_m_s", "must be more than 0"),
        (
            {**GOOD, "limits": {"workspace_low_m": [1, 2]}},
            "limits.workspace_low_m[2]",
            "is missing",
        ),
        ({**GOOD, "limits": {"workspace_low_m": [0.9, 0, 0]}}, "limits", "its x goes from 0.9"),
        ({**GOOD, "limits": {"tilt_rad": 4}}, "limits.tilt_rad", "or less, got 4"),
        ({**GOOD, "control_rate_hz": 0}, "control_rate_hz", "must be 1"),
        (with_tool(rotation=SKEWED), "robot.tool.rotation", "must be a rotation: rows of length 1"),
        (with_tool(rotation=MIRRORED), "robot.tool.rotation", "must be a rotation, and this one"),
        (
            with_tool(position_m=[0, 0, 103.4]),
            "robot.tool.position_m[2]",
            "must be a number of metres",
        ),
        ({**GOOD, "gripper": {"driver": "lab:Pincers"}}, "robot.tool", "is missing: say where the"),
        ({**GOOD, "gripper": {"process": "own"}}, "gripper.process", "is no field"),
        (with_robot(tool={}), "robot.tool.position_m", "is missing"),
        (with_robot(payload={"mass_kg": 5}), "robot.payload.mass_kg", "must be 3.0 or less"),
        (with_payload(1, 1, 3), "robot.payload.inertia_kg_m2", "must be the inertia of a body"),
        (with_payload(1, 1, -1), "robot.payload.inertia_kg_m2", "none of its three principal"),
        (["a", "list"], "the whole", "must be a map"),
        (None, "the whole", "must be a map"),
    ],
)
def test_a_mistake_names_the_field_and_what_would_be_right(
    content: object, field: str, words: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        parse_settings(content)
    assert refused.value.field == field
    assert words in str(refused.value)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "station.yaml"
    file.write_text("robot: {driver: [")
    with pytest.raises(BadSettings, match=r"station.yaml: the file is no YAML"):
        load_settings(file)
    with pytest.raises(BadSettings, match="cannot be read"):
        load_settings(tmp_path / "nowhere.yaml")


WRITTEN = """
[robot]
driver = "simulated"

[cameras.side]
driver = "simulated"
width = 320
settings = {view = "side"}

[limits]
speed_m_s = 0.25
"""


def test_a_station_may_be_written_as_toml(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text(WRITTEN)
    settings = load_settings(file)
    assert (settings.cameras["side"].width, settings.limits.speed_m_s) == (320, 0.25)
    file.write_text("robot = {")
    with pytest.raises(BadSettings, match=r"station.toml: the file is no TOML"):
        load_settings(file)


def test_what_toml_cannot_hold_is_not_saved_as_if_it_were_nothing(tmp_path: Path) -> None:
    robot = {"driver": "lab:Robot", "settings": {"address": None}}
    empty = parse_settings({**GOOD, "robot": robot})
    with pytest.raises(BadSettings, match="cannot hold an empty setting"):
        save_settings(tmp_path / "station.toml", empty)
    assert list(tmp_path.iterdir()) == []
    save_settings(tmp_path / "station.yaml", empty)
    assert load_settings(tmp_path / "station.yaml") == empty


def test_devices_share_a_process_only_where_they_must() -> None:
    content = {
        "robot": {"driver": "simulated"},
        "cameras": {
            "front": {"driver": "simulated"},
            "table": {"driver": "lab:Camera"},
            "door": {"driver": "lab:Camera", "process": "doors"},
            "gate": {"driver": "lab:Camera", "process": "doors"},
        },
        "inputs": {"keyboard": {"driver": "keyboard"}, "stick": {"driver": "lab:Stick"}},
    }
    found = processes(StationSettings.model_validate(content))
    assert {name: list(each.cameras) for name, each in found.items()} == {
        "simulation": ["front"],
        "camera-table": ["table"],
        "doors": ["door", "gate"],
        "input-stick": [],
    }
    assert next(iter(found.values())).robot is not None, "the robot's process is the first"
    assert list(found["input-stick"].inputs) == ["stick"]


def owned(**content: object) -> ProcessSettings:
    return ProcessSettings.model_validate({"control_rate_hz": 20, **content})


def test_a_driver_refuses_settings_that_are_not_its_own() -> None:
    robot = {"driver": "synthetic", "settings": {"rate_hz": -1}}
    words = "settings of the robot: rate_hz must be more than 0"
    with pytest.raises(BadSettings, match=words), open_devices(owned(robot=robot)):
        pass


def test_the_simulator_refuses_a_rate_at_which_its_time_would_not_be_real() -> None:
    slow = owned(robot={"driver": "simulated"}).model_copy(update={"control_rate_hz": 10.0})
    words = "needs control_rate_hz: 20; the station's settings say 10"
    with pytest.raises(TeachloopError, match=words), open_devices(slow):
        pass


@pytest.mark.parametrize("changed", [{"fps": 30}, {"width": 1280, "fps": 20}])
def test_the_simulator_refuses_pictures_that_it_does_not_have(changed: dict[str, int]) -> None:
    cameras = {"front": {"driver": "simulated", "width": 256, "height": 256, **changed}}
    words = "gives 20 frames a second of at most 640 × 480; the settings of camera 'front' say"
    with pytest.raises(TeachloopError, match=words), open_devices(owned(cameras=cameras)):
        pass


def test_an_unknown_driver_is_refused_with_the_known_ones() -> None:
    ours = "realsense, simulated, synthetic, video, webcam"
    words = rf"No camera driver 'toaster'; known: {ours}. .* package.module:Class"
    with pytest.raises(UnknownDriver, match=words):
        load_driver("cameras", "toaster")
    with pytest.raises(UnknownDriver, match="cannot be loaded: No module named 'no_such_vendor'"):
        load_driver("robots", "no_such_vendor:Robot")
    with pytest.raises(UnknownDriver, match="no pydantic model `Settings`"):
        load_driver("robots", "pathlib:Path")


def test_an_installed_package_offers_its_drivers_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "lab-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: lab\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        "[teachloop.cameras]\nwall = made_up_camera:MadeUpCamera\n"
    )
    for folder in (tmp_path, Path(__file__).parents[1]):
        monkeypatch.syspath_prepend(folder)
    assert "wall" in known_drivers("cameras")
    assert load_driver("cameras", "wall").__name__ == "MadeUpCamera"


def test_every_driver_that_comes_along_can_be_loaded() -> None:
    for kind in ("robots", "cameras", "inputs"):
        for name in known_drivers(kind):
            assert load_driver(kind, name).__doc__


def test_the_example_of_the_guide_is_good() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "stations.md").read_text("utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    settings = parse_settings(yaml.safe_load(example))
    assert list(settings.cameras) == ["front", "wrist", "side"]
