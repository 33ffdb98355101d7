"""A cable between two hosts of this machine that delays each packet, and loses some.

The kernel's own netem is often not built in; TUN devices are (Linux,
Documentation/networking/tuntap.rst): what one host sends is read here and written to the other.
"""

import contextlib
import fcntl
import heapq
import os
import random
import select
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

DEVICE = "/dev/net/tun"
SET_INTERFACE = 0x400454CA  # TUNSETIFF
PACKETS_ALONE = 0x1001  # IFF_TUN | IFF_NO_PI
LARGEST = 65536  # bytes of a packet


@dataclass(frozen=True, slots=True)
class Cable:
    """How long each packet is on its way, and how many of a hundred never arrive."""

    delay_s: float = 0.0
    lost_percent: float = 0.0


@contextlib.contextmanager
def laid(cable: Cable, near: str, far: str) -> Iterator[None]:
    """Two new interfaces of these names, joined for the block, wherever they are moved to.

    Raises OSError where no interface may be made.
    """
    with contextlib.ExitStack() as stack:
        ends = _interface(stack, near), _interface(stack, far)
        ended, end = os.pipe()
        carrying = threading.Thread(target=_carry, args=(cable, ends, ended), daemon=True)
        carrying.start()
        try:
            yield
        finally:
            os.close(end)
            carrying.join()
            os.close(ended)


def _interface(stack: contextlib.ExitStack, name: str) -> int:
    descriptor = os.open(DEVICE, os.O_RDWR | os.O_NONBLOCK)
    stack.callback(os.close, descriptor)
    fcntl.ioctl(descriptor, SET_INTERFACE, struct.pack("16sH22x", name.encode(), PACKETS_ALONE))
    return descriptor


def _carry(cable: Cable, ends: tuple[int, int], ended: int) -> None:
    """Until the pipe is closed."""
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    chance = random.Random(1)
    underway: list[tuple[float, int, int, bytes]] = []  # due, number, to where, packet
    for number in range(1 << 60):
        wait_s = underway[0][0] - time.monotonic() if underway else None
        ready, _, _ = select.select([*ends, ended], [], [], wait_s and max(0.0, wait_s))
        if ended in ready:
            return
        for source in ready:
            packet = os.read(source, LARGEST)
            if 100 * chance.random() >= cable.lost_percent:
                due = time.monotonic() + cable.delay_s
                heapq.heappush(underway, (due, number, other[source], packet))
        _deliver(underway)


def _deliver(underway: list[tuple[float, int, int, bytes]]) -> None:
    """What is due. An interface that is down takes nothing, as a cable that is not plugged in."""
    while underway and underway[0][0] <= time.monotonic():
        _, _, target, packet = heapq.heappop(underway)
        with contextlib.suppress(OSError):
            os.write(target, packet)
