"""What the command line asks for, and what comes of it."""

from pathlib import Path

import pytest

from teachloop.recorder.devices.presets import PRESETS, preset_name
from teachloop.recorder.devices.settings_file import (
    BadSettings,
    load_settings,
    save_settings,
    settings_file,
)
from teachloop.recorder.devices.station_choice import StationChoice

ADDRESS = "127.0.0.2"


def test_the_folders_file_is_taken_unless_another_is_asked_for(tmp_path: Path) -> None:
    assert StationChoice().settings(tmp_path) == PRESETS["simulated"]
    own = PRESETS["synthetic"].model_copy(update={"control_rate_hz": 50.0})
    save_settings(settings_file(tmp_path), own)
    assert StationChoice().settings(tmp_path) == own
    assert preset_name(own) == "custom"
    assert StationChoice(preset="simulated").settings(tmp_path) == PRESETS["simulated"]
    with pytest.raises(BadSettings, match="exclude each other"):
        StationChoice(file=settings_file(tmp_path), preset="simulated").settings(tmp_path)


def test_another_robot_takes_the_place_of_the_simulated_one(tmp_path: Path) -> None:
    settings = StationChoice(robot="panda", address=ADDRESS).settings(tmp_path)
    assert settings.robot.driver == "panda"
    assert settings.robot.settings == {"address": ADDRESS}
    assert [each.settings["of"] for each in settings.cameras.values()] == [ADDRESS, ADDRESS]
    assert list(settings.inputs) == ["keyboard"]  # the script would have to know where things are
    assert settings.limits.press_m == 0.03
    before = PRESETS["simulated"]
    assert (settings.shapes, settings.control_rate_hz) == (before.shapes, before.control_rate_hz)


def test_a_station_of_the_same_robot_keeps_what_it_was_told(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    told = {"address": "172.16.0.2", "stiffness": "soft"}
    robot = {"driver": "panda", "settings": told}
    camera = {"driver": "my_lab.camera:Camera"}
    file.write_text(f"robot: {robot}\ncameras: {{front: {camera}}}\nlimits: {{press_m: 0.05}}\n")
    for choice in (
        StationChoice(file=file, address=ADDRESS),
        StationChoice(file=file, robot="panda", address=ADDRESS),
    ):
        settings = choice.settings(tmp_path)
        assert settings.robot.settings == {**told, "address": ADDRESS}
        assert settings.cameras == load_settings(file).cameras
        assert settings.limits.press_m == 0.05


def test_simulated_cameras_must_know_which_robot_they_look_at(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"--robot-address is missing: camera 'front'"):
        StationChoice(robot="panda").settings(tmp_path)


def test_what_was_asked_for_is_told_to_the_stations_process_as_it_was(tmp_path: Path) -> None:
    choice = StationChoice(file=tmp_path / "a b.yaml", robot="panda", address=ADDRESS)
    expected = ["--station", f"{tmp_path}/a b.yaml", "--robot", "panda"]
    assert choice.arguments == [*expected, "--robot-address", ADDRESS]
    assert StationChoice().arguments == []
    assert choice.by_name
    assert not StationChoice().by_name
