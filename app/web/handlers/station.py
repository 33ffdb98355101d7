"""The station's process."""

import asyncio

from ....runtime.errors import TeachloopError
from ..schemas.from_window import StartStation
from ..station_process import StationProcess
from .table import WindowHandlers


def add_station(handlers: WindowHandlers, station: StationProcess) -> None:
    """Start the station again after it ended."""

    async def start(_asked: StartStation, _window: str) -> None:
        try:
            await asyncio.to_thread(station.start)
        except OSError as error:
            raise TeachloopError(f"The station cannot be started: {error}.") from error

    handlers.on(StartStation, start)
