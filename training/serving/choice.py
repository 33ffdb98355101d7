"""Which policy is served: a base, or an adapter on one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...datasets.takes.check import check, require_sound
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKES
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError
from ...runtime.ipc.frames import SharedFrames
from ..adapters.registry import Adapter, get_adapter
from ..policies.base_names import DEFAULT
from ..policies.registry import open_policy
from .service import PolicyService


class NoSuchTake(TeachloopError):
    def __init__(self, take: str, folder: Path) -> None:
        super().__init__(f"There is no take {take!r} in {folder} whose cameras could be known.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChoice:
    """As the command line names it."""

    data: Path
    adapter: str = ""  # id; the base alone where it is empty
    base: str = DEFAULT  # where no adapter names it
    bits: int = 0
    cameras_of: str = ""  # a take's id; the newest sound one of the adapter's where it is empty

    def open(self, frames: SharedFrames | None = None) -> PolicyService:
        """Load it. Raises NoSuchAdapter, NoSuchTake, TakeRefused, and what loading raises."""
        adapter = get_adapter(self.data, self.adapter) if self.adapter else None
        cameras = self._cameras(adapter)
        if adapter is None:
            policy = open_policy(self.base, bits=self.bits)
            return PolicyService(self.base, policy, cameras, frames)
        policy = open_policy(adapter.card.base, adapter.path, self.bits)
        card = adapter.card
        return PolicyService(card.name, policy, cameras, frames, card.embodiment)

    def _cameras(self, adapter: Adapter | None) -> Mapping[str, Camera]:
        """The calibration that holds where a client sends none. Raises NoSuchTake, TakeRefused."""
        takes = self.data / TAKES
        if self.cameras_of:
            if not (takes / self.cameras_of).is_dir():
                raise NoSuchTake(self.cameras_of, takes)
            require_sound(takes / self.cameras_of)
            return _cameras_of(takes / self.cameras_of)
        learned_from = reversed(adapter.card.takes) if adapter else ()
        folders = (takes / each.id for each in learned_from)
        sound = (folder for folder in folders if folder.is_dir() and not check(folder))
        newest = next(sound, None)
        return {} if newest is None else _cameras_of(newest)


def _cameras_of(folder: Path) -> Mapping[str, Camera]:
    with Take.open(folder) as take:
        return take.info.cameras
