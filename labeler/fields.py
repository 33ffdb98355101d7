"""What the fields of a request may hold."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ..datasets.labels.label_values import MOST_POINTS
from ..runtime.text import one_line
from ..runtime.validation import MustBe

TEXT_LIMIT = 500
WIDTH_LIMIT_PX = 500


def _line(text: str) -> str:
    line = one_line(text)
    if len(line) > TEXT_LIMIT:
        raise ValueError(f"must be text of at most {TEXT_LIMIT} characters, not {len(line)}")
    return line


def _some(text: str) -> str:
    if not text:
        raise ValueError("must be the name of an object")
    return text


def _without_empty(texts: list[str]) -> list[str]:
    return [text for text in texts if text]


Count = Annotated[int, Field(ge=0), MustBe("a whole number from 0 on")]
Line = Annotated[str, AfterValidator(_line)]
Lines = Annotated[list[Line], AfterValidator(_without_empty)]
ObjectName = Annotated[Line, AfterValidator(_some)]
Pixel = Annotated[float, Field(allow_inf_nan=False), MustBe("in the picture, in pixels")]
Corners = Annotated[
    tuple[Pixel, Pixel, Pixel, Pixel],
    Field(strict=False),
    MustBe("left, top, right and bottom of a box, in pixels"),
]
Point = Annotated[
    tuple[Pixel, Pixel], Field(strict=False), MustBe("x and y of a point of the picture, in pixels")
]
Path = Annotated[
    list[Point],
    Field(min_length=1, max_length=MOST_POINTS),
    MustBe(f"a list of 1 to {MOST_POINTS} points of the picture"),
]
Outline = Annotated[
    list[Point],
    Field(min_length=3, max_length=MOST_POINTS),
    MustBe(f"a list of 3 to {MOST_POINTS} points of the picture"),
]
Width = Annotated[
    float, Field(ge=1, le=WIDTH_LIMIT_PX), MustBe(f"1 to {WIDTH_LIMIT_PX}, in pixels")
]
