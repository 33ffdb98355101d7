"""What a model's schema says of its fields."""

from typing import Any

import pytest
from pydantic import Field, ValidationError

from teachloop.runtime.described import DescribedModel


class Lens(DescribedModel):
    """Of a camera."""

    focal_mm: float = 35.0
    """From the glass to the picture,
    where it is sharp."""
    plain: int = 1


class LongLens(Lens):
    weight_kg: float = 2.0
    """Of all of it."""
    mount: str = Field(default="C", description="Said by the field itself.")
    """Said below it."""


class Camera(DescribedModel):
    lens: LongLens = LongLens()
    """What it looks through."""


def fields(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: field.get("description") for name, field in schema["properties"].items()}


def test_the_string_under_a_field_describes_it_in_a_model_made_from_it_too() -> None:
    assert fields(LongLens.model_json_schema()) == {
        "focal_mm": "From the glass to the picture,\nwhere it is sharp.",
        "plain": None,
        "weight_kg": "Of all of it.",
        "mount": "Said by the field itself.",
    }


def test_a_model_within_a_model_is_described_too() -> None:
    schema = Camera.model_json_schema()
    assert fields(schema) == {"lens": "What it looks through."}
    assert fields(schema["$defs"]["LongLens"])["weight_kg"] == "Of all of it."


def test_a_model_whose_source_is_nowhere_has_no_words() -> None:
    made: dict[str, Any] = {"DescribedModel": DescribedModel, "__name__": "nowhere"}
    exec("class Made(DescribedModel):\n    size: int = 1\n    'How large.'", made)
    assert fields(made["Made"].model_json_schema()) == {"size": None}


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="wide"):
        Lens.model_validate({"wide": True})
