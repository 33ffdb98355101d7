"""Opens what a process owns, all of it or nothing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ...datasets.embodiment import Gripper
from ..devices.gripping import with_gripper
from ..devices.interfaces import CameraDriver, Devices, InputDriver, ProcessContext, RobotDriver
from ..devices.settings import (
    HAND,
    NO_GRIPPER,
    CameraSettings,
    DeviceSettings,
    GripperSettings,
    ProcessSettings,
)
from ..devices.settings_file import parse_model
from .registry import camera_driver, gripper_driver, input_driver, robot_driver


@contextmanager
def open_devices(settings: ProcessSettings, seed: int = 0) -> Iterator[Devices]:
    """The devices of one process, entered one by one, left in reverse, also after errors.

    Raises UnknownDriver, BadSettings, and whatever a driver raises where its device is not there.
    """
    context = context_of(settings, seed)
    with ExitStack() as stack:
        stack.callback(_close_scene, context)
        robot, gripper, robot_name = None, None, ""
        if settings.robot is not None:
            arm = make_robot(settings.robot, context)
            robot_name = type(arm).__name__
            robot, gripper = mount(arm, settings.gripper, context)
            stack.enter_context(robot)
        cameras = {
            name: stack.enter_context(make_camera(name, camera, context))
            for name, camera in settings.cameras.items()
        }
        inputs = {
            name: stack.enter_context(make_input(name, hand, context))
            for name, hand in settings.inputs.items()
        }
        yield Devices(robot, cameras, inputs, context.scene, robot_name, gripper)


def context_of(settings: ProcessSettings, seed: int = 0) -> ProcessContext:
    """What all devices of a process share."""
    return ProcessContext(
        seed=seed,
        control_rate_hz=settings.control_rate_hz,
        arm=settings.arm,
        hand=settings.gripper.driver == HAND,
        tool=settings.tool,
        payload=settings.payload,
    )


def make_robot(device: DeviceSettings, context: ProcessContext) -> RobotDriver:
    """The robot's driver, not entered yet, without its gripper."""
    driver = robot_driver(device.driver)
    return driver(
        parse_model(driver.Settings, "The settings of the robot", device.settings), context
    )


def mount(
    arm: RobotDriver, settings: GripperSettings, context: ProcessContext
) -> tuple[RobotDriver, Gripper | None]:
    """The arm with its gripper, not entered yet, and what that is; the arm alone without one."""
    driver = gripper_driver(settings.driver)
    told = parse_model(driver.Settings, "The settings of the gripper", settings.settings)
    if settings.driver == NO_GRIPPER:
        return arm, None
    gripper = driver(told, arm, context)
    known = Gripper(driver=settings.driver, opening_m=gripper.opening_m)
    return with_gripper(arm, gripper), known


def make_camera(name: str, device: CameraSettings, context: ProcessContext) -> CameraDriver:
    """A camera's driver, not entered yet."""
    driver = camera_driver(device.driver)
    settings = parse_model(driver.Settings, f"The settings of camera {name!r}", device.settings)
    return driver(name, device.shape, settings, context)


def make_input(name: str, device: DeviceSettings, context: ProcessContext) -> InputDriver:
    """An input's driver, not entered yet."""
    driver = input_driver(device.driver)
    settings = parse_model(driver.Settings, f"The settings of input {name!r}", device.settings)
    return driver(name, settings, context)


def _close_scene(context: ProcessContext) -> None:
    if context.scene is not None:
        context.scene.close()
