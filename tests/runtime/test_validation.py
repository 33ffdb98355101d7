"""Whatever is wrong with a value, the words name its field and what would be right."""

import contextlib
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from teachloop.runtime.validation import Invalid, MustBe, StrictModel, explain, validated


class Wheel(StrictModel):
    spokes: int
    rim: Literal["steel", "wood"] = "steel"


class Cart(StrictModel):
    name: Annotated[str, Field(min_length=1, max_length=5)]
    load_kg: Annotated[float, Field(ge=0, le=60), MustBe("a number of kg from 0 to 60")] = 0.0
    wheels: Annotated[list[Wheel], Field(max_length=4)] = Field(default_factory=list)
    covered: bool = False


CART = TypeAdapter(Cart)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "cart.name is missing."),
        ({"name": 5}, "cart.name must be text, got 5."),
        ({"name": ""}, "cart.name must be text of at least 1 characters, got ''."),
        ({"name": "x" * 900}, "cart.name must be text of at most 5 characters, got 'xxx"),
        ({"name": "a", "load_kg": "1"}, "cart.load_kg must be a number of kg from 0 to 60, got '1"),
        ({"name": "a", "load_kg": 61}, "cart.load_kg must be a number of kg from 0 to 60, got 61."),
        ({"name": "a", "load_kg": float("nan")}, "must be a number of kg from 0 to 60, got nan."),
        ({"name": "a", "wheels": [{"spokes": True}]}, "cart.wheels[0].spokes must be a whole num"),
        ({"name": "a", "wheels": [{"spokes": 2.5}]}, "cart.wheels[0].spokes must be a whole num"),
        ({"name": "a", "wheels": [{"spokes": 1, "rim": "air"}]}, "must be 'steel' or 'wood', got"),
        ({"name": "a", "wheels": [7]}, "cart.wheels[0] must be a map of fields, got 7."),
        ({"name": "a", "wheels": 7}, "cart.wheels must be a list, got 7."),
        ({"name": "a", "wheels": [{"spokes": 1}] * 5}, "cart.wheels must have at most 4 items"),
        ({"name": "a", "covered": 1}, "cart.covered must be true or false, got 1."),
        ({"name": "a", "color": 1}, "cart.color is no field that is known here."),
        (5, "cart must be a map of fields, got 5."),
    ],
)
def test_a_mistake_is_said_with_its_field_and_what_would_be_right(
    value: object, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        validated(CART, value, "cart")
    assert words in str(refused.value)


def test_several_mistakes_are_told_at_once_but_not_all_of_many() -> None:
    with pytest.raises(Invalid) as refused:
        validated(CART, {"name": "a", "wheels": [{"spokes": "x"}] * 4, "covered": 2})
    assert str(refused.value).count("must be") == 3
    assert "And 2 more." in str(refused.value)


def test_nothing_is_converted_and_nothing_changes_afterwards() -> None:
    cart = validated(CART, {"name": "a", "load_kg": 3})
    assert cart == Cart(name="a", load_kg=3.0)
    with pytest.raises(ValueError, match="frozen"):
        cart.name = "b"


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(
    max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.dictionaries(st.sampled_from(["name", "load_kg", "wheels", "covered", ""]), anything))
def test_no_value_raises_anything_else(value: dict[str, object]) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(validated(CART, value), Cart)


def test_braces_in_a_finding_are_no_places_for_values() -> None:
    with pytest.raises(ValidationError) as found:
        Cart.model_validate_json('{"name": "a" "wheels": []}')
    assert "expected `,` or `}`" in explain(found.value.errors())
