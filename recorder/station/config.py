"""What a station serves, and the processes that it starts for that."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq

from ...runtime.ipc.worker_client import WorkerClient
from ...runtime.ipc.worker_process import WorkerProcess
from ..devices.limits import Limits
from ..devices.rings import Rings

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


def lines(
    config: StationConfig, context: "zmq.Context[Any]", folder: Path, rings: Rings
) -> tuple[WorkerClient, WorkerClient]:
    """The device process and the writer, not started yet."""
    given = {
        "source": config.source,
        "seed": config.seed,
        "data": str(config.data),
        "preview": f"ipc://{folder}/preview",
        "descriptors": rings.descriptors,
    }

    def line(name: str, module: str) -> WorkerClient:
        log = config.data / "station" / f"{name}.log"
        child = WorkerProcess(name, module, folder, given, log)
        return WorkerClient(child, context, rings.descriptors)

    return line("device", DEVICE_PROCESS), line("writer", WRITER_PROCESS)
