"""What holds for all tests."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# Stations tick, and browsers are shown live pictures: nothing may run beside.
REAL_TIME = ("recorder", "browser")
# What these try of the recorder knows no time but what it is told.
TIMELESS = (
    *("agents/test_agents.py", "agents/test_pushing.py", "drivers/test_words.py"),
    *("devices/test_limited_robot.py", "devices/test_limits.py", "devices/test_settings.py"),
    *("devices/test_settings_text.py", "devices/test_simulated_motion.py"),
    *("devices/test_station_choice.py", "writer/test_archive.py"),
    "writer/test_gaps.py",
    *("station/test_health.py", "station/test_lease.py", "station/test_lease_states.py"),
    *("station/test_loop.py", "station/test_messages.py", "station/test_session.py"),
    *("station/test_session_states.py", "station/test_silent_devices.py"),
    *("station/test_task_words.py", "station/test_unasked_motion.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    timeless = {here / "recorder" / name for name in TIMELESS}
    for item in items:
        inside = item.path.is_relative_to(here) and item.path not in timeless
        if inside and item.path.relative_to(here).parts[0] in REAL_TIME:
            item.add_marker(pytest.mark.real_time)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Browsers come last, and of their files those that share a server, which stays until the end:
    it takes a quarter of a core from whatever comes after it."""
    if item.path.parent.name != "browser":
        return 0
    return 2 if isinstance(item, pytest.Function) and not hasattr(item.module, "server") else 1


class SmallDisk:
    """A disk of its own, as large as is wanted at the moment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def mount(self, options: str) -> None:
        """Raises CalledProcessError where nobody may."""
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.path)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, left: int = 0) -> None:
        """Leave so many bytes."""
        with self._filler.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                file.truncate(max(0, file.tell() - left))

    def make_room(self) -> None:
        self._filler.unlink()

    def make_read_only(self) -> None:
        self.mount("remount,ro")

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """One of 2 MiB; only whoever may mount can have it."""
    disk = SmallDisk(tmp_path / "disk")
    disk.path.mkdir()
    try:
        disk.mount("size=2m")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a disk can be mounted by root alone")
    yield disk
    disk.unmount()
