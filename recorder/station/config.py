"""What a station serves, and the processes that it starts for that."""

from dataclasses import dataclass, field
from pathlib import Path

import zmq

from ...runtime.ipc.worker_client import WorkerClient
from ...runtime.ipc.worker_process import WorkerProcess
from ..devices.limits import Limits
from ..devices.messages import DEVICE_NEWS, DeviceSettings
from ..devices.proxy import DeviceLine
from ..devices.rings import Rings
from ..writer.messages import WRITER_NEWS, WriterSettings
from .recording_controller import WriterLine

DEVICE_PROCESS = "teachloop.recorder.devices.process"
WRITER_PROCESS = "teachloop.recorder.writer.process"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What a station serves."""

    data: Path
    source: str = "simulated"
    rate_hz: float = 20.0
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


def device_line(
    config: StationConfig, context: zmq.Context, folder: Path, rings: Rings
) -> DeviceLine:
    """The device process, not started yet."""
    settings = DeviceSettings(
        source=config.source,
        seed=config.seed,
        preview=f"ipc://{folder}/preview",
        descriptors=rings.descriptors,
    )
    child = WorkerProcess("device", DEVICE_PROCESS, folder, settings, _log(config, "device"))
    return WorkerClient(child, context, rings.descriptors, DEVICE_NEWS)


def writer_line(
    config: StationConfig, context: zmq.Context, folder: Path, rings: Rings
) -> WriterLine:
    """The writing process, not started yet."""
    settings = WriterSettings(
        source=config.source, data=str(config.data), descriptors=rings.descriptors
    )
    child = WorkerProcess("writer", WRITER_PROCESS, folder, settings, _log(config, "writer"))
    return WorkerClient(child, context, rings.descriptors, WRITER_NEWS)


def _log(config: StationConfig, name: str) -> Path:
    return config.data / "station" / f"{name}.log"
