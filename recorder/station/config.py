"""What a station serves, and the processes that it starts for that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import zmq

from ...runtime.ipc.socket_folder import file_name
from ...runtime.ipc.worker_client import WorkerClient
from ...runtime.ipc.worker_process import WorkerProcess, WorkerSettings
from ..devices.desk import DeskLine, desk_place
from ..devices.desk_account import DeskAccount
from ..devices.desk_messages import DESK_NEWS, DeskSettings
from ..devices.messages import (
    DEVICE_NEWS,
    PREVIEW_NEWS,
    DeviceProcessSettings,
    PreviewSettings,
)
from ..devices.presets import PRESETS
from ..devices.proxy import DeviceProxy
from ..devices.rings import Rings
from ..devices.settings import ProcessSettings, StationSettings, processes
from ..devices.station_devices import StationDevices
from ..writer.messages import WRITER_NEWS, WriterSettings
from .recording_controller import WriterLine

DEVICE_PROCESS = "teachloop.recorder.devices.process"
PREVIEW_PROCESS = "teachloop.recorder.devices.preview_process"
DESK_PROCESS = "teachloop.recorder.drivers.franka.desk_process"
WRITER_PROCESS = "teachloop.recorder.writer.process"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What a station serves."""

    data: Path
    settings: StationSettings = field(default_factory=lambda: PRESETS["simulated"])
    seed: int = 0
    account: DeskAccount | None = None
    """Who asks the robot's Desk."""

    @property
    def rate_hz(self) -> float:
        """Of the control loop."""
        return self.settings.control_rate_hz


class Workers:
    """Makes the processes of a station, not started yet."""

    def __init__(
        self, config: StationConfig, context: zmq.Context, folder: Path, rings: Rings
    ) -> None:
        self._config, self._context, self._folder = config, context, folder
        self._rings, self._shapes = rings, dict(config.settings.shapes)

    def devices(self) -> StationDevices:
        """The processes that own devices, and the one that makes previews."""
        owned = processes(self._config.settings)
        proxies = [self._device(name, devices) for name, devices in owned.items()]
        settings = PreviewSettings(
            shapes=self._shapes,
            descriptors=self._rings.descriptors,
            preview=f"ipc://{self._folder}/preview",
        )
        child = self._child("previews", PREVIEW_PROCESS, settings)
        previews = WorkerClient(child, self._context, self._rings.descriptors, PREVIEW_NEWS)
        return StationDevices(proxies, previews, self._rings, self._shapes)

    def _device(self, name: str, devices: ProcessSettings) -> DeviceProxy:
        settings = DeviceProcessSettings(
            shapes=self._shapes,
            descriptors=self._rings.descriptors,
            devices=devices,
            seed=self._config.seed,
        )
        child = self._child(name, DEVICE_PROCESS, settings)
        line = WorkerClient(child, self._context, self._rings.descriptors, DEVICE_NEWS)
        return DeviceProxy(line, self._rings, devices)

    def writer(self) -> WriterLine:
        """The process that writes takes."""
        settings = WriterSettings(
            shapes=self._shapes,
            descriptors=self._rings.descriptors,
            data=str(self._config.data),
        )
        child = self._child("writer", WRITER_PROCESS, settings)
        return WorkerClient(child, self._context, self._rings.descriptors, WRITER_NEWS)

    def desk(self) -> DeskLine | None:
        """The process that knows the robot's Desk; None where there is none to be asked."""
        place, account = desk_place(self._config.settings.robot), self._config.account
        if place is None or account is None:
            return None
        buttons = self._config.settings.buttons
        token = self._config.data / "station" / "desk-token.conf"
        settings = DeskSettings(place=place, token=str(token), listens=bool(buttons))
        child = self._child("desk", DESK_PROCESS, settings, account.environment)
        return DeskLine(WorkerClient(child, self._context, (), DESK_NEWS), buttons)

    def _child(
        self,
        name: str,
        module: str,
        settings: WorkerSettings,
        environment: Mapping[str, str] | None = None,
    ) -> WorkerProcess:
        log = self._config.data / "station" / f"{file_name(name)}.log"
        return WorkerProcess(name, module, self._folder, settings, log, environment)
