"""`teachloop finetune`: the same job that the pages start."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...runtime.json_file import JsonObject
from ...training.openvla.recipe import RecipeOptions
from ...training.policies.base_names import DEFAULT
from ...training.policies.registry import family_of
from .command import Preset, default_data, require_at_least


@dataclass(frozen=True)
class Finetune:
    """Train an adapter on labelled takes; goes on where it stopped with --resume."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    takes: tuple[str, ...] = ()
    """Ids of the takes to train on; all that are labelled and succeeded when left out."""
    also: tuple[Literal["failed", "unjudged"], ...] = ()
    """Where no takes are named: learn from those, too, that failed or that nobody judged."""
    name: str = ""
    """Name of the adapter; the takes' task when left out."""
    base: str = ""
    """Folder of the base policy; the shipped one when left out."""
    preset: Preset = "quick"
    """How much time to spend; tiny only tries whether everything runs, replay trains nothing."""
    rollouts: int = 0
    """Unseen layouts of the simulator to try base and adapter on afterwards; 0: none."""
    held_out: float | None = None
    """Share of the takes that is kept out of training, to measure on them what was learned; when
    left out, a tenth of thirty takes or more. 0: none."""
    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras to look through; all when left out (an OpenVLA: the
    first that all have)."""
    openvla: RecipeOptions = field(default_factory=RecipeOptions)
    """Settings that only an OpenVLA asks for."""
    resume: str = ""
    """Id of a stopped job to go on with; its own settings count then."""

    def run(self) -> int:
        require_at_least(0, rollouts=self.rollouts)
        from .foreground import attend, resumed, started

        if self.resume:
            return attend(resumed(self.data, "finetune", self.resume), "fine-tune")
        return attend(started(self.data, "finetune", self._asked()), "fine-tune")

    def _asked(self) -> JsonObject:
        """Raises NothingToLearn."""
        takes = self._named() or self._usable_takes()
        asked: JsonObject = {
            "takes": list(takes),
            "name": self.name,
            "base": self.base or DEFAULT,
            "preset": self.preset,
            "rollouts": self.rollouts,
        }
        if family_of(self.base).name == "openvla":
            asked |= self.openvla.model_dump(mode="json")
        if self.held_out is not None:
            asked["held_out"] = self.held_out
        if self.cameras:
            asked["cameras"] = list(self.cameras)
        return asked

    def _named(self) -> tuple[str, ...]:
        """Says which of them did not succeed."""
        from ...training.data.usable_takes import endings_of

        if self.takes and (unsuccessful := f"{endings_of(self.data, self.takes)}"):
            print(f"Among the takes: {unsuccessful}.", flush=True)
        return self.takes

    def _usable_takes(self) -> tuple[str, ...]:
        """Says which are left out. Raises NoUsableTake."""
        from ...training.data.usable_takes import usable_takes

        needs_masks = family_of(self.base).needs_masks
        usable = usable_takes(self.data, masks=needs_masks, also=self.also)
        if f"{usable.left_out}":
            hint = "--also failed unjudged learns from them, too"
            print(f"Left out: {usable.left_out}; {hint}.", flush=True)
        return usable.ids
