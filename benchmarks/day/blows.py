"""What may befall the product: one process killed, stopped or starved, the disk full or
read-only, the wall clock set."""

import contextlib
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import psutil

from .disk import NotRoot, SmallDisk
from .product import ROLES, Product, Role
from .starving import starving
from .wrong_clock import WrongClock

Harm: TypeAlias = Literal["kill", "stop", "starve"]
Trouble: TypeAlias = Literal["full disk", "read-only", "clock"]
HARMS: tuple[Harm, ...] = get_args(Harm)
LONGEST_S: dict[Harm | Trouble, float] = {
    "kill": 0.0, "stop": 6.0, "starve": 3.0, "full disk": 3.0, "read-only": 3.0, "clock": 1.0
}  # fmt: skip
ROUND: tuple[tuple[Trouble, int], ...] = (("full disk", 3), ("read-only", 3), ("clock", 4))
LEFT_MB = (0.0, 0.0, 1.0, 40.0)  # where the disk is filled


@dataclass(frozen=True, slots=True)
class Blow:
    """One of them, and how long it lasts."""

    kind: Harm | Trouble
    role: Role | None
    seconds: float
    amount: float = 0.0  # days of the clock, MB left of the disk

    def __str__(self) -> str:
        return f"{self.kind} {self.role or ''} {self.seconds:.1f} s".replace("  ", " ")


def draw_blows(count: int, chance: random.Random) -> list[Blow]:
    """Each kind and process as often as any other, in no order."""
    blows: list[Blow] = []
    while len(blows) < count:
        one_round = [_harm(harm, role, chance) for harm in HARMS for role in ROLES]
        one_round += [_trouble(kind, chance) for kind, times in ROUND for _ in range(times)]
        chance.shuffle(one_round)
        blows += one_round
    return blows[:count]


def _harm(harm: Harm, role: Role, chance: random.Random) -> Blow:
    return Blow(harm, role, LONGEST_S[harm] * chance.uniform(0.3, 1.0))


def _trouble(kind: Trouble, chance: random.Random) -> Blow:
    amounts = {"clock": (-3.0, -1.0, 1.0, 3.0), "full disk": LEFT_MB}.get(kind, (0.0,))
    return Blow(kind, None, LONGEST_S[kind] * chance.uniform(0.5, 1.0), chance.choice(amounts))


@dataclass(frozen=True, slots=True)
class Striker:
    """Whoever strikes, and what they need for it."""

    product: Product
    disk: SmallDisk
    clock: WrongClock

    def strike(self, blow: Blow) -> AbstractContextManager[bool]:
        """For the block; tells whether it could be done: there may be no such process, or no
        right to it."""
        process = self.product.process(blow.role) if blow.role else None
        if blow.role is not None:
            return _harmed(process, blow.kind) if process else contextlib.nullcontext(False)
        return self._troubled(blow)

    @contextlib.contextmanager
    def _troubled(self, blow: Blow) -> Iterator[bool]:
        with contextlib.ExitStack() as stack:
            try:
                if blow.kind == "full disk":
                    stack.enter_context(self.disk.full(blow.amount))
                if blow.kind == "read-only":
                    stack.enter_context(self.disk.read_only())
                there = blow.kind != "clock" or self.clock.set(blow.amount)  # and it stays wrong
            except NotRoot:
                there = False
            yield there


@contextlib.contextmanager
def _harmed(process: psutil.Process, kind: str) -> Iterator[bool]:
    try:
        if kind == "kill":
            process.kill()
            yield True
        elif kind == "starve":
            with starving(process):
                yield True
        else:
            process.suspend()
            yield True
    except psutil.NoSuchProcess:
        yield False
    finally:
        if kind == "stop":
            with contextlib.suppress(psutil.Error):
                process.resume()
