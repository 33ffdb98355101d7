"""Whether a station's drivers understand what its settings tell them: asked of a process of its
own.

Run as ``python -m teachloop.recorder.drivers.checking`` with the settings as JSON on its input.
"""

import sys
from collections.abc import Iterator

from ...runtime.validation import Invalid, StrictModel
from ..devices.settings import DriverSettings, StationSettings
from ..devices.settings_file import BadSettings, parse_model
from .own_process import ask_module
from .registry import Kind, UnknownDriver, load_driver

Told = tuple[str, str, Kind, DriverSettings]  # the field, in words, kind and driver of a device


class Misfit(StrictModel):
    """The first thing that a driver does not understand; empty where there is none."""

    field: str = ""
    words: str = ""


def check_settings(settings: StationSettings) -> None:
    """Raises Invalid, which names the field, and NoAnswer."""
    said = ask_module(__name__, told=settings.model_dump_json().encode())
    found = Misfit.model_validate_json(said)
    if found.field:
        raise Invalid(found.words, found.field)


def misfit(settings: StationSettings) -> Misfit:
    """What ``check_settings`` is told; a driver that is not installed here is asked nothing."""
    for field, words, kind, device in _devices(settings):
        try:
            parse_model(load_driver(kind, device.driver).Settings, words, device.settings)
        except UnknownDriver:
            continue
        except BadSettings as error:
            return Misfit(field=f"{field}.settings.{error.field}", words=str(error))
    return Misfit()


def _devices(settings: StationSettings) -> Iterator[Told]:
    yield "robot", "The settings of the robot", "robots", settings.robot
    yield "gripper", "The settings of the gripper", "grippers", settings.gripper
    for name, camera in settings.cameras.items():
        yield f"cameras.{name}", f"The settings of camera {name!r}", "cameras", camera
    for name, hand in settings.inputs.items():
        yield f"inputs.{name}", f"The settings of input {name!r}", "inputs", hand


def main() -> None:
    asked = StationSettings.model_validate_json(sys.stdin.buffer.read())
    sys.stdout.write(misfit(asked).model_dump_json())


if __name__ == "__main__":
    main()
