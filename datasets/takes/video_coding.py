"""How an archived take's pictures lie in its file: as the packets of a video."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from ..tool import Plain


class VideoCoding(Plain):
    """The codec, and which pictures can be decoded without another."""

    model_config = ConfigDict(strict=True)

    codec: Literal["h264"] = "h264"
    key_every: Annotated[int, Field(ge=1, le=60)] = 2
    """A picture is a key frame where its index is a multiple of this; others need those since."""
    quantizer: Annotated[int, Field(ge=0, le=51)] = 20
    """H.264's QP, the same for all: twice as coarse every six steps."""
