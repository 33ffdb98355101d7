"""What Linux tells, made small: each file as a kernel writes it."""

from pathlib import Path

import pytest

from teachloop.app.doctor.machine import disk, governor, kernel, priority, processors, usb
from teachloop.recorder.devices.presets import PRESETS

PLAIN = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.90-1"
STATION = PRESETS["simulated"]


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")


def test_a_real_time_kernel_is_told_by_its_file_or_by_its_name(tmp_path: Path) -> None:
    assert kernel(tmp_path, PLAIN).verdict == "note"
    assert kernel(tmp_path, "#1 SMP PREEMPT_RT Debian 6.1.90-1").verdict == "good"
    write(tmp_path, kernel__realtime="1")
    assert kernel(tmp_path, PLAIN).verdict == "good"


def test_one_processor_that_sleeps_is_enough_to_be_late(tmp_path: Path) -> None:
    assert governor(tmp_path).verdict == "good"
    write(tmp_path, devices__system__cpu__cpu0__cpufreq__scaling_governor="performance")
    assert governor(tmp_path).verdict == "good"
    write(tmp_path, devices__system__cpu__cpu1__cpufreq__scaling_governor="powersave")
    found = governor(tmp_path)
    assert found.verdict == "note"
    assert "performance, powersave" in found.text


def test_who_may_have_no_priority_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert priority(limit=0).verdict == "note"
    assert "limits.conf" in priority(limit=0).remedy
    assert priority(limit=99).verdict == "good"
    assert priority(limit=-1).verdict == "good"  # without end


def test_few_or_busy_processors_are_noted() -> None:
    assert processors(count=8, load=1.0).verdict == "good"
    assert processors(count=2, load=0.1).verdict == "note"
    assert "top" in processors(count=8, load=7.5).remedy


def test_a_disk_is_tried_by_writing(tmp_path: Path) -> None:
    room, speed = disk(STATION, tmp_path / "data")
    assert (room.what, speed.what) == ("disk", "disk's speed")
    assert room.text.split()[1] == "GB"
    assert list((tmp_path / "data").iterdir()) == []


def test_a_disk_that_is_too_slow_or_too_small_for_its_cameras_says_so(tmp_path: Path) -> None:
    large = STATION.cameras["front"].model_copy(update={"width": 4096, "height": 4096, "fps": 1e3})
    room, speed = disk(STATION.model_copy(update={"cameras": {"front": large}}), tmp_path)
    assert "min of takes" in room.text
    assert (room.verdict, speed.verdict) == ("note", "note")


def test_a_folder_that_cannot_be_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (found,) = disk(STATION, tmp_path / "file" / "data")
    assert found.verdict == "bad"
    assert str(tmp_path / "file" / "data") in found.remedy


def test_a_camera_at_a_slow_socket_is_named(tmp_path: Path) -> None:
    assert usb(tmp_path).text == "No RealSense is plugged in."
    one = "bus__usb__devices__2-1__"
    mouse = "bus__usb__devices__1-4__"
    told = {"idVendor": "8086", "idProduct": "0b07", "product": "RealSense D435", "speed": "5000"}
    write(tmp_path, **{one + name: text for name, text in told.items()})
    write(tmp_path, **{mouse + "idVendor": "256f", mouse + "idProduct": "c635"})
    assert usb(tmp_path).text == "At USB 3: RealSense D435."
    write(tmp_path, **{one + "speed": "480"})
    found = usb(tmp_path)
    assert found.verdict == "note"
    assert "USB 2: RealSense D435." in found.text
