"""The kernel, its processors, the disk and USB, as Linux tells of them."""

import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ...recorder.devices.settings import CameraSettings, StationSettings
from ...runtime.disk_errors import in_words
from .finding import Finding, bad, good, note

SYS = Path("/sys")
PRIORITY = 80  # what libfranka's own thread asks for, at least
WRITTEN = 32 << 20  # bytes, to see how fast the disk is
COLOUR_BYTES, DEPTH_BYTES = 0.4, 0.6  # of a pixel in a take; simulated ones take a third
SPARE = 2.0  # times what is recorded
HOURS = 1.0  # that the disk should have room for
REALSENSE = "8086", "0b"  # vendor, and how its products begin
USB3_MBIT_S = 5000.0


def machine(settings: StationSettings, data: Path) -> Sequence[Finding]:
    """Everything here."""
    return [kernel(), governor(), priority(), processors(), *disk(settings, data), usb()]


def kernel(sys: Path = SYS, version: str | None = None) -> Finding:
    """Whether commands can come each millisecond without fail."""
    version = platform.version() if version is None else version
    if _read(sys / "kernel" / "realtime") == "1" or "PREEMPT_RT" in version:
        return good("kernel", "It is a real-time kernel.")
    text = (
        "It is no real-time kernel: now and then a real robot may stop with "
        "communication_constraints_violation."
    )
    return note("kernel", text, "Install one with PREEMPT_RT on the robot's machine.")


def governor(sys: Path = SYS) -> Finding:
    """Whether the processors sleep between commands."""
    files = (sys / "devices" / "system" / "cpu").glob("cpu*/cpufreq/scaling_governor")
    found = sorted({_read(file) for file in files})
    if not found:
        return good("governor", "The processors have none to choose.")
    if found == ["performance"]:
        return good("governor", "performance.")
    text = f"{', '.join(found)}: a processor that has to wake up is late."
    return note("governor", text, "sudo cpupower frequency-set -g performance")


def priority(limit: int | None = None) -> Finding:
    """Whether the robot's thread may go before others."""
    limit = resource.getrlimit(resource.RLIMIT_RTPRIO)[1] if limit is None else limit
    if os.geteuid() == 0 or limit == resource.RLIM_INFINITY or limit >= PRIORITY:
        return good("priority", "Real-time priority may be had.")
    text = "This user may have none, so other programs delay a real robot's commands."
    remedy = (
        f"Add a line to /etc/security/limits.conf: @realtime - rtprio {PRIORITY}; put the user "
        "into that group, and log in again."
    )
    return note("priority", text, remedy)


def processors(count: int | None = None, load: float | None = None) -> Finding:
    """Whether there are enough of them, and idle ones."""
    count = (os.cpu_count() or 1) if count is None else count
    load = os.getloadavg()[0] if load is None else load
    said = f"{count} processors, {load:.1f} of them busy."
    if load > 0.5 * count:
        remedy = "See what else runs (top); train elsewhere, or between takes."
        return note("processors", said, remedy)
    if count < 4:
        remedy = "Two are enough for the simulator; a robot with cameras wants four."
        return note("processors", said, remedy)
    return good("processors", said)


def disk(settings: StationSettings, data: Path) -> Sequence[Finding]:
    """Whether takes fit onto it, and can be written as fast as they come."""
    needed = SPARE * sum(map(_bytes_a_second, settings.cameras.values()))
    try:
        data.mkdir(parents=True, exist_ok=True)
        return [_room(needed, shutil.disk_usage(data).free), _speed(needed, written_per_s(data))]
    except OSError as error:
        text = in_words(error, "Takes cannot be written")
        remedy = f"Give another --data than {data}."
        return [bad("disk", text, remedy)]


def _bytes_a_second(camera: CameraSettings) -> float:
    pixel = COLOUR_BYTES + DEPTH_BYTES * camera.depth
    return camera.width * camera.height * camera.fps * pixel


def _room(needed: float, free: float) -> Finding:
    hours = SPARE * free / needed / 3600
    said = f"{free / 1e9:.0f} GB are free: about {hours:.0f} h of takes."
    if hours >= HOURS:
        return good("disk", said)
    text = f"{free / 1e9:.1f} GB are free: about {60 * hours:.0f} min of takes."
    remedy = "Make room, or give another --data; a take ends by itself before the disk is full."
    return note("disk", text, remedy)


def written_per_s(folder: Path) -> float:
    """Bytes that reach the disk in a second."""
    with tempfile.TemporaryFile(dir=folder) as file:
        begin = time.monotonic()
        file.write(os.urandom(WRITTEN))
        file.flush()
        os.fsync(file.fileno())
        return WRITTEN / (time.monotonic() - begin)


def _speed(needed: float, written: float) -> Finding:
    text = f"{written / 1e6:.0f} MB/s reach it, of which takes need {needed / SPARE / 1e6:.0f}."
    if written >= needed:
        return good("disk's speed", text)
    remedy = "Give a --data on a faster disk, or record smaller or fewer pictures."
    return note("disk's speed", text, remedy)


def usb(sys: Path = SYS) -> Finding:
    """Whether RealSense cameras are at sockets that are fast enough."""
    devices = [file.parent for file in (sys / "bus" / "usb" / "devices").glob("*/idVendor")]
    cameras = [device for device in sorted(devices) if _is_realsense(device)]
    slow = [_read(each / "product") for each in cameras if _mbit_s(each) < USB3_MBIT_S]
    if slow:
        text = f"At a socket or cable of USB 2: {', '.join(slow)}."
        remedy = "Plug it into a blue one (USB 3), by a cable that says so."
        return note("USB", text, remedy)
    names = ", ".join(_read(each / "product") for each in cameras)
    text = f"At USB 3: {names}." if names else "No RealSense is plugged in."
    return good("USB", text)


def _is_realsense(device: Path) -> bool:
    vendor, begin = REALSENSE
    product = _read(device / "idProduct")
    return _read(device / "idVendor") == vendor and product.startswith(begin)


def _mbit_s(device: Path) -> float:
    try:
        return float(_read(device / "speed"))
    except ValueError:
        return 0.0


def _read(file: Path) -> str:
    """What stands in it; nothing where it is not there."""
    try:
        return file.read_text().strip()
    except OSError:
        return ""
