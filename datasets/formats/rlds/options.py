"""How takes are to be exported as RLDS. Imports nothing heavy."""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from ....runtime.validation import MustBe
from ..episodes.exported import PIECES
from ..episodes.options import EpisodeOptions

LONGEST = 64  # characters


def _folder_name(name: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", name) or len(name) > LONGEST or name == PIECES:
        raise ValueError("no name")
    return name


SetName: TypeAlias = Annotated[
    str,
    AfterValidator(_folder_name),
    MustBe(
        f"a name of at most {LONGEST} small letters, digits and _, which begins with a letter and "
        f"is not {PIECES}"
    ),
]


class RldsOptions(EpisodeOptions):
    """What an RLDS data set shall hold of its takes."""

    name: SetName = "teachloop"
    """For RLDS, what the data set is called: OpenVLA looks its configuration up by this name."""
