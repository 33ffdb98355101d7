"""For drivers without a callback of their own: a thread that works at a fixed rate."""

import threading
import time
from collections.abc import Callable


class Periodic:
    """Calls ``work`` with the number of its turn, on an absolute schedule, until it is left.

    Turns that could not be had in time are skipped, as a camera drops frames.
    """

    def __init__(self, name: str, rate_hz: float, work: Callable[[int], None]) -> None:
        self.start_ns = time.monotonic_ns()
        self._period_ns = 1e9 / rate_hz
        self._work = work
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits until the last turn is over."""
        self._done.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def due_ns(self, number: int) -> int:
        """When that turn is due."""
        return self.start_ns + round(number * self._period_ns)

    def _run(self) -> None:
        number = int((time.monotonic_ns() - self.start_ns) / self._period_ns)
        while not self._done.is_set():
            self._work(number)
            passed = int((time.monotonic_ns() - self.start_ns) / self._period_ns)
            number = max(number, passed) + 1
            self._done.wait(max(0.0, (self.due_ns(number) - time.monotonic_ns()) / 1e9))
