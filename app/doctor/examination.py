"""Everything that is looked at, in the order in which it is told."""

from collections.abc import Iterator
from pathlib import Path

from ...recorder.devices.settings import StationSettings
from ..web.station_process import StationProcess
from .devices import devices
from .finding import Finding, note
from .learning import learning
from .machine import machine


def examine(settings: StationSettings, data: Path) -> Iterator[Finding]:
    """One finding after the other, as they come."""
    yield from machine(settings, data)
    yield from _devices(settings, data)
    yield from learning(data)


def _devices(settings: StationSettings, data: Path) -> Iterator[Finding]:
    if StationProcess(data).running:
        text = f"The station of {data} has them now: Set-up shows and tries them."
        yield note("devices", text)
        return
    yield from devices(settings)
