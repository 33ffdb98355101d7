"""Finds a driver: one of ours by its file's name, an installed package's, or any class.

A driver is a class with a pydantic model ``Settings``. It is made with these arguments:

- a robot: ``(settings, context)``, a ``ProcessContext``;
- a gripper: ``(settings, robot, context)``, with the arm that it is mounted at;
- a camera: ``(name, shape, settings, context)``, with the ``CameraShape`` that it is to deliver;
- an input: ``(name, settings, context)``.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Literal, Protocol, cast

from pydantic import BaseModel

from ...runtime.errors import TeachloopError
from ..devices.camera_shape import CameraShape
from ..devices.interfaces import (
    CameraDriver,
    GripperDriver,
    InputDriver,
    ProcessContext,
    RobotDriver,
)

Kind = Literal["robots", "grippers", "cameras", "inputs"]
ONE_OF: dict[Kind, str] = {
    "robots": "robot",
    "grippers": "gripper",
    "cameras": "camera",
    "inputs": "input",
}


class UnknownDriver(TeachloopError):
    """A name for which there is no driver, or one that cannot be loaded."""

    def __init__(self, kind: Kind, name: str, reason: str = "") -> None:
        known = ", ".join(known_drivers(kind))
        text = f"it cannot be loaded: {reason}" if reason else f"known: {known}"
        super().__init__(
            f"No {ONE_OF[kind]} driver {name!r}; {text}. A class of your own is named as "
            "package.module:Class."
        )


class RobotFactory(Protocol):
    Settings: type[BaseModel]

    def __call__(self, settings: BaseModel, context: ProcessContext) -> RobotDriver: ...


class GripperFactory(Protocol):
    Settings: type[BaseModel]

    def __call__(
        self, settings: BaseModel, robot: RobotDriver, context: ProcessContext
    ) -> GripperDriver: ...


class CameraFactory(Protocol):
    Settings: type[BaseModel]

    def __call__(
        self, name: str, shape: CameraShape, settings: BaseModel, context: ProcessContext
    ) -> CameraDriver: ...


class InputFactory(Protocol):
    Settings: type[BaseModel]

    def __call__(self, name: str, settings: BaseModel, context: ProcessContext) -> InputDriver: ...


def known_drivers(kind: Kind) -> Sequence[str]:
    """The names of the drivers that come with the product, and of installed packages'."""
    package = importlib.import_module(f"{__package__}.{kind}")
    ours = [module.name for module in pkgutil.iter_modules(package.__path__)]
    theirs = [point.name for point in entry_points(group=f"teachloop.{kind}")]
    return [*ours, *theirs]


def robot_driver(name: str) -> RobotFactory:
    return cast(RobotFactory, load_driver("robots", name))


def gripper_driver(name: str) -> GripperFactory:
    return cast(GripperFactory, load_driver("grippers", name))


def camera_driver(name: str) -> CameraFactory:
    return cast(CameraFactory, load_driver("cameras", name))


def input_driver(name: str) -> InputFactory:
    return cast(InputFactory, load_driver("inputs", name))


def load_driver(kind: Kind, name: str) -> type:
    """The driver's class. Raises UnknownDriver, also where its vendor's library is missing."""
    try:
        found = _load(kind, name)
    except (ImportError, AttributeError) as error:
        raise UnknownDriver(kind, name, str(error)) from error
    if found is None:
        raise UnknownDriver(kind, name)
    if not _has_settings(found):
        raise UnknownDriver(kind, name, "it has no pydantic model `Settings`")
    return found


def _load(kind: Kind, name: str) -> type | None:
    module, _, attribute = name.partition(":")
    if attribute:
        return getattr(importlib.import_module(module), attribute)
    for point in entry_points(group=f"teachloop.{kind}", name=name):
        return point.load()
    if name not in known_drivers(kind):
        return None
    return importlib.import_module(f"{__package__}.{kind}.{name}").Driver


def _has_settings(driver: type) -> bool:
    settings = getattr(driver, "Settings", None)
    return isinstance(settings, type) and issubclass(settings, BaseModel)
