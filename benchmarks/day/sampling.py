"""What each process of the product holds: memory of its own, descriptors, threads, sockets and
shared memory; and the temporary files of all."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from .product import Product, Role

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """By one process."""

    pid: int
    memory_mb: float  # that no other process shares
    descriptors: int
    threads: int
    sockets: int
    shared_memory: int  # descriptors of it

    @property
    def counts(self) -> dict[str, int]:
        """What ends as it began."""
        return {k: int(v) for k, v in asdict(self).items() if k not in ("pid", "memory_mb")}


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything at one moment."""

    at_s: float  # monotonic
    by_role: Mapping[Role, Held]
    temporary: int  # files


def held(process: psutil.Process) -> Held:
    """Raises psutil.Error."""
    links = _links(process.pid)
    return Held(
        pid=process.pid,
        memory_mb=process.memory_full_info().uss / MB,
        descriptors=len(links),
        threads=process.num_threads(),
        sockets=sum(link.startswith("socket:") for link in links),
        shared_memory=sum(link.startswith("/memfd:") for link in links),
    )


def sample(product: Product, temporary: Path, at_s: float) -> Sample:
    """Of all processes that live as long as the product; a job's are its own."""
    by_role: dict[Role, Held] = {}
    for role, process in product.processes():
        with contextlib.suppress(psutil.Error):
            if role != "job":
                by_role[role] = held(process)
    return Sample(at_s, by_role, sum(1 for path in temporary.rglob("*") if not path.is_dir()))


def _links(pid: int) -> list[str]:
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(os.readlink(descriptor))
    return found
