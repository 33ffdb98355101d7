"""A 3Dconnexion SpaceMouse, plugged into the computer of the station."""

import logging
import threading
import time

from ...devices.interfaces import ProcessContext, Twist, TwistSink
from ..spacemouse.bus import HidBus, HidDevice, NoSpaceMouse, Unplugged, UsbBus
from ..spacemouse.hand import Hand
from ..spacemouse.reports import STILL
from ..spacemouse.settings import SpaceMouseSettings

logger = logging.getLogger(__name__)
WAIT_MS = 20  # what is held without a new report is said again after this long
RETRY_S = 1.0


class SpaceMouse:
    """A 3Dconnexion SpaceMouse at the station's computer: the hand moves as its cap is pushed."""

    Settings = SpaceMouseSettings

    def __init__(
        self,
        name: str,
        settings: SpaceMouseSettings,
        context: ProcessContext,
        bus: HidBus | None = None,
    ) -> None:
        self._name, self._settings = name, settings
        self._bus: HidBus = bus or UsbBus()
        self._device: HidDevice | None = None
        self._thread: threading.Thread | None = None
        self._done = threading.Event()

    def __enter__(self) -> "SpaceMouse":
        """Raises NoSpaceMouse."""
        self._device = self._bus.open(self._settings.product)
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self._close()

    def stream(self, sink: TwistSink) -> None:
        self._thread = threading.Thread(
            target=self._run, args=(sink,), name=f"input-{self._name}", daemon=True
        )
        self._thread.start()

    def _run(self, sink: TwistSink) -> None:
        while not self._done.is_set():
            if self._device is None:
                self._come_back()
            else:
                self._follow(self._device, sink)

    def _follow(self, device: HidDevice, sink: TwistSink) -> None:
        """Until it is left or unplugged."""
        try:
            self._say(device, sink)
        except Unplugged:
            sink(Twist(STILL, STILL, None, time.monotonic_ns()))
            logger.warning("%s was unplugged; it is used again when it is back.", self._name)
            self._close()

    def _say(self, device: HidDevice, sink: TwistSink) -> None:
        hand, moved = Hand(self._settings), False
        while not self._done.is_set():
            report = device.read(WAIT_MS)
            now_ns = time.monotonic_ns()
            if report:
                hand.hear(report, now_ns)
            twist = hand.twist(now_ns)
            if twist.moves or moved:
                sink(twist)
            moved = twist.moves

    def _come_back(self) -> None:
        self._done.wait(RETRY_S)
        try:
            self._device = self._bus.open(self._settings.product)
        except NoSpaceMouse:
            return
        logger.warning("%s is back.", self._name)

    def _close(self) -> None:
        if self._device is not None:
            self._device.close()
            self._device = None


Driver = SpaceMouse
