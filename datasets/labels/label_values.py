"""What edits are made of: objects, segments and prompts, refused where they cannot be meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

from pydantic import ConfigDict, StrictBool, StrictInt

from ..errors import WrongLabel
from ..takes.metadata_validation import is_count, is_number, require_text
from .masks import MaskSource

KNOWN_FIELDS = ConfigDict(extra="forbid")
Review: TypeAlias = Literal["open", "done", "approved", "returned"]
MOST_POINTS = 1000  # of one stroke or polygon
_POINTS = {"point": (1, 1), "box": (2, 2), "stroke": (1, MOST_POINTS), "polygon": (3, MOST_POINTS)}
"""How many points a prompt of each kind has, at least and at most."""


def require(good: bool, name: str, value: object) -> None:
    """Raise WrongLabel of a value that is not ``good``."""
    if not good:
        raise WrongLabel(f"A label's {name} cannot be {value!a:.60}.")


def require_texts(**texts: object) -> None:
    """Raise WrongLabel unless these are texts that can be stored."""
    for name, text in texts.items():
        try:
            require_text(name, text)
        except (TypeError, ValueError) as error:
            raise WrongLabel(f"A label's {error}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said of the labels when they were done with them, approved them, or sent them
    back."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS

    author: str
    time: str  # ISO 8601 with offset
    review: Review
    text: str = ""

    def __post_init__(self) -> None:
        require_texts(author=self.author, time=self.time, text=self.text)
        require(self.review in get_args(Review), "review", self.review)


@dataclass(frozen=True, slots=True)
class ObjectLabel:
    """An object that masks belong to."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS

    name: str
    target: StrictBool = False  # the instruction is about it

    def __post_init__(self) -> None:
        require_texts(name=self.name)
        require(isinstance(self.target, bool), "target", self.target)


def merged(objects: Iterable[ObjectLabel]) -> tuple[ObjectLabel, ...]:
    """Each name once, where it stood first; the target where any of that name was."""
    targets: dict[str, bool] = {}
    for each in objects:
        targets[each.name] = targets.get(each.name, False) or each.target
    return tuple(ObjectLabel(name, target) for name, target in targets.items())


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the take with a sub-task of its own, [start, end)."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS

    start_ns: StrictInt
    end_ns: StrictInt
    text: str

    def __post_init__(self) -> None:
        require_texts(text=self.text)
        require(is_count(self.start_ns), "start_ns", self.start_ns)
        good = is_count(self.end_ns) and self.end_ns >= self.start_ns
        require(good, "end_ns", self.end_ns)


@dataclass(frozen=True, slots=True)
class Trim:
    """The part of the take that counts, [start, end); nothing is removed from the file."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS

    start_ns: StrictInt
    end_ns: StrictInt

    def __post_init__(self) -> None:
        require(is_count(self.start_ns), "start_ns", self.start_ns)
        require(is_count(self.end_ns) and self.end_ns > self.start_ns, "end_ns", self.end_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A click or a box that a mask was made from, or what a person drew of it by hand."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS

    camera: str
    frame: StrictInt
    object: str
    kind: Literal["point", "box", "stroke", "polygon"]
    values: tuple[float, ...]  # pixels: x, y of each point; left, top, right, bottom of a box
    positive: StrictBool = True
    source: MaskSource = MaskSource.HUMAN
    choice: StrictInt = 0  # which of the masks that a lone click may mean, the surest first
    width: float = 0.0  # of a stroke, in pixels

    def __post_init__(self) -> None:
        require_texts(camera=self.camera, object=self.object)
        require(is_count(self.frame), "frame", self.frame)
        require(self.kind in _POINTS, "kind", self.kind)
        least, most = _POINTS[self.kind]
        counted = len(self.values) % 2 == 0 and least <= len(self.values) // 2 <= most
        require(counted and all(map(is_number, self.values)), "values", self.values)
        wide = is_number(self.width) and (
            self.width > 0 if self.kind == "stroke" else not self.width
        )
        require(wide, "width", self.width)
        require(isinstance(self.positive, bool), "positive", self.positive)
        require(is_count(self.choice), "choice", self.choice)

    @property
    def by_hand(self) -> bool:
        """Whether it says itself which pixels belong to the object, or do not."""
        return self.kind in ("stroke", "polygon")
