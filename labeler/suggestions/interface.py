"""What a suggestion is, whatever it comes from."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..propagation.interface import FrameKey
from ..segmenters.interface import Click

Source: TypeAlias = Literal["grasp", "other camera", "arm", "other take"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A click that somebody may take, or that the object is not to be seen in a frame."""

    camera: str
    frame: int
    source: Source
    why: str
    """In a few words that go on from "Suggested: "."""
    click: Click | None
    """None: the object is not to be seen."""

    @property
    def place(self) -> FrameKey:
        return self.camera, self.frame

    @property
    def kind(self) -> Literal["on", "off", "unseen"]:
        """What it says of the object."""
        if self.click is None:
            return "unseen"
        return "on" if self.click.positive else "off"
