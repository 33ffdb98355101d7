"""Fields of what may be asked of labels."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ..runtime.text import one_line
from ..runtime.validation import MustBe

TEXT_LIMIT = 500


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
