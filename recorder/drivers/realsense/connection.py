"""Finds a RealSense and starts its streams."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...devices.camera_shape import CameraShape
from .library import NoRealSense, librealsense

USB_2 = "2."


@dataclass(frozen=True, slots=True)
class Connected:
    """A camera that is plugged in."""

    serial: str
    model: str
    usb: str
    """Version of USB that it is connected by, such as 3.2; empty where it does not say."""

    def __str__(self) -> str:
        by = f", USB {self.usb}" if self.usb else ""
        return f"{self.serial} ({self.model}{by})"


def connected() -> list[Connected]:
    """Every RealSense that is plugged in. Raises NoRealSense without the library."""
    rs = librealsense()

    def said(device: Any, info: Any) -> str:
        return device.get_info(info) if device.supports(info) else ""

    return [
        Connected(
            serial=said(device, rs.camera_info.serial_number),
            model=said(device, rs.camera_info.name),
            usb=said(device, rs.camera_info.usb_type_descriptor),
        )
        for device in rs.context().query_devices()
    ]


def start(serial: str, recording: Path | None, shape: CameraShape) -> Any:
    """A pipeline that runs. ``serial``: "" is the only camera there is; a recording takes the place
    of a camera. Raises NoRealSense."""
    rs = librealsense()
    config = rs.config()
    if recording is None:
        camera = _chosen(serial, connected())
        config.enable_device(camera.serial)
    else:
        camera = None
        _play(config, recording)
    _ask(config, shape)
    pipeline = rs.pipeline()
    try:
        pipeline.start(config)
    except RuntimeError as error:
        raise NoRealSense(_why(error, camera, recording, shape)) from error
    return pipeline


def _chosen(serial: str, there: list[Connected]) -> Connected:
    """Raises NoRealSense."""
    if not there:
        raise NoRealSense(
            "No RealSense is plugged in, or another user's rights are needed to open it "
            "(librealsense's udev rules)."
        )
    found = [camera for camera in there if serial in ("", camera.serial)]
    names = ", ".join(map(str, there))
    if not found:
        raise NoRealSense(f"No RealSense has the serial number {serial}. There are: {names}.")
    if len(found) > 1:
        raise NoRealSense(f"There are several; say which by its serial number: {names}.")
    return found[0]


def _play(config: Any, recording: Path) -> None:
    """From its beginning to its end and again. Raises NoRealSense."""
    if not recording.is_file():
        raise NoRealSense(f"There is no recording {recording}.")
    try:
        config.enable_device_from_file(str(recording), repeat_playback=True)
    except RuntimeError as error:
        raise NoRealSense(f"{recording} is no recording of librealsense: {error}") from error


def _ask(config: Any, shape: CameraShape) -> None:
    rs = librealsense()
    size = shape.width, shape.height
    pixels = rs.format.mjpeg if shape.jpeg else rs.format.rgb8
    config.enable_stream(rs.stream.color, *size, pixels, round(shape.fps))
    if shape.depth:
        config.enable_stream(rs.stream.depth, *size, rs.format.z16, round(shape.fps))


def _why(
    error: RuntimeError, camera: Connected | None, recording: Path | None, shape: CameraShape
) -> str:
    """Why the streams do not start, and what to do about it."""
    more = " with depth" if shape.depth else " as JPEG" if shape.jpeg else ""
    asked = f"{shape.width}×{shape.height} at {shape.fps:g} frames a second{more}"
    if camera is None:
        return f"The recording {recording} does not play {asked}: {error}"
    said = str(error).lower()
    if "resolve" in said and camera.usb.startswith(USB_2):
        return (
            f"The camera {camera.serial} is connected by USB {camera.usb}, which cannot carry "
            f"{asked}. Use a USB 3 port and its own cable, or ask for less."
        )
    if "resolve" in said:
        return (
            f"The camera {camera} does not do {asked}. `rs-enumerate-devices` lists what it does."
        )
    if "busy" in said or "power state" in said:
        return f"The camera {camera} is used by another program; close that first."
    if "space" in said or "bandwidth" in said:
        return (
            f"There is no room left on the USB bus for {asked} of the camera {camera}. Plug it "
            "into another controller of the computer, or ask for less."
        )
    return f"The camera {camera} does not start with {asked}: {error}"
