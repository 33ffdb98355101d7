"""What the json files of a published OpenVLA have to say for it to be loaded as it is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue

Two = Field(min_length=2, max_length=2)
Three = Field(min_length=3, max_length=3)
Count = Annotated[int, Field(ge=0)]
Deviation = Annotated[FiniteFloat, Field(gt=0)]
Size = Annotated[list[Literal[3, 224]], Three]


class File(BaseModel):
    """What else is in the file is left alone."""

    model_config = ConfigDict(frozen=True, strict=True)


class ConfigFile(File):
    """config.json."""

    timm_model_ids: Annotated[list[str], Two]
    text_config: dict[str, JsonValue]
    use_fused_vision_backbone: Literal[True]
    """Two vision towers; there are older models with one."""
    image_resize_strategy: Literal["resize-naive"] = "resize-naive"
    image_sizes: Annotated[list[Literal[224]], Two] = [224, 224]
    pad_to_multiple_of: Count = 64
    pad_token_id: Count = 32000
    n_action_bins: Annotated[int, Field(ge=2)] = 256
    norm_stats: dict[str, JsonValue] | None = None
    """Action statistics, by the name of a data set."""


class PreprocessorFile(File):
    """preprocessor_config.json: pictures in 0 … 1 less the means, by the deviations, a list of
    three for each tower."""

    means: Annotated[list[Annotated[list[FiniteFloat], Three]], Two]
    stds: Annotated[list[Annotated[list[Deviation], Three]], Two]
    input_sizes: Annotated[list[Size], Two] = [[3, 224, 224], [3, 224, 224]]
