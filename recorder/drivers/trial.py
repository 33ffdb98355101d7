"""Opens devices for a moment, in a process of its own, and says what came of them.

Run as ``python -m teachloop.recorder.drivers.trial SETTINGS``. Nothing is moved.
"""

import subprocess
import sys
import time
from collections import Counter

from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.processes.child import ending
from ...runtime.validation import StrictModel
from ..devices.interfaces import Devices, Twist
from ..devices.settings import ProcessSettings
from .no_device import NoDevice
from .opening import open_devices

LISTEN_S = 1.0
FIRST_S = 5.0  # how long the first reading or frame may take
PATIENCE_S = 20.0
NO_MOTION = (
    f"It opens, and no motion was seen within {FIRST_S:g} s. Move it while it is tested; if it is "
    "moved, look at its cable, its battery, and whether it is the device that is meant."
)


class TrialResult(StrictModel):
    """Whether devices work, in words."""

    ok: bool
    text: str


def try_devices(settings: ProcessSettings) -> TrialResult:
    """Asks a process of its own, whose end is a result, too."""
    command = [sys.executable, "-m", __name__, settings.model_dump_json()]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return TrialResult(ok=False, text=f"It did not open within {PATIENCE_S:g} s.")
    if done.returncode == 0:
        return TrialResult.model_validate_json(done.stdout)
    words = done.stderr.decode(errors="replace").strip().splitlines()
    last = f" It said: {words[-1][:300]}" if words else ""
    return TrialResult(ok=False, text=f"Its process {ending(done.returncode)}.{last}")


def listen(devices: Devices) -> Counter[str]:
    """How many readings, frames and words of each device came in a second after its first."""
    came: Counter[str] = Counter()
    if devices.robot is not None:
        devices.robot.stream(lambda _state: came.update(["the robot's readings"]))
    for name, camera in devices.cameras.items():
        camera.stream(lambda frame, name=name: came.update([f"frames of {name}"]))
    for name, hand in devices.inputs.items():
        hand.stream(lambda twist, name=name: came.update(_motions(name, twist)))
    deadline = time.monotonic() + FIRST_S
    while not came and not _is_silent(devices) and time.monotonic() < deadline:
        _draw(devices)
    end = time.monotonic() + LISTEN_S
    while time.monotonic() < end:
        _draw(devices)
    return came


def _motions(name: str, twist: Twist) -> list[str]:
    return [f"motions of {name}"] if twist.moves else []


def _is_silent(devices: Devices) -> bool:
    """Whether they are inputs of which nothing will ever come."""
    hands = devices.inputs.values()
    return bool(hands) and all(isinstance(hand, NoDevice) for hand in hands)


def _draw(devices: Devices) -> None:
    if devices.scene is not None:
        devices.scene.draw()
    time.sleep(0.01)


def trial(settings: ProcessSettings) -> TrialResult:
    """Opens them here. A robot or camera that says nothing does not work."""
    try:
        with open_devices(settings) as devices:
            came = listen(devices)
    except TeachloopError as error:
        return TrialResult(ok=False, text=str(error))
    except Exception as error:  # a vendor library may raise anything
        return TrialResult(ok=False, text=in_words(error, "It cannot be opened"))
    if came:
        counts = ", ".join(f"{count} × {what}" for what, count in came.items())
        return TrialResult(ok=True, text=f"It works: {counts} within {LISTEN_S:g} s.")
    if _is_silent(devices):
        return TrialResult(ok=True, text="It opens, and nobody moves it.")
    if devices.inputs:
        return TrialResult(ok=True, text=NO_MOTION)
    return TrialResult(ok=False, text=f"It opens, but nothing came within {FIRST_S:g} s.")


def main() -> None:
    settings = ProcessSettings.model_validate_json(sys.argv[1])
    sys.stdout.write(trial(settings).model_dump_json())


if __name__ == "__main__":
    main()
