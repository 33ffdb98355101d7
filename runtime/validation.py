"""Typed values at every edge, and their mistakes in words: the field, and what would be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from reprlib import Repr
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from .errors import TeachloopError

SHOWN = 3  # mistakes that are told at once
LONGEST_NAME = 100  # characters of a field that are told; one of ours has a third
NAMELESS = ("missing", "extra_forbidden", "unexpected_keyword_argument")  # about no value

T = TypeVar("T")
_short = Repr()
_short.maxlevel, _short.maxstring, _short.maxother = 3, 60, 60


class Invalid(TeachloopError):
    """A value from outside that is not what it should be; the text says what would be right.
    ``field`` is the first that is wrong, such as ``cameras.front.width``; empty: no single one."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class StrictModel(BaseModel):
    """A value that crosses an edge: frozen, without unknown fields, and nothing is converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class MustBe:
    """Says in words what a field must be, whatever is wrong with it: ``Annotated[float,
    Field(ge=0, le=60), MustBe("a number of seconds from 0 to 60")]``."""

    words: str

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source), "must_be", custom_error_message=f"must be {self.words}"
        )


def validated(adapter: TypeAdapter[T], value: object, name: str = "") -> T:
    """The typed value; raises Invalid, with each field as ``name.field``."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        raise Invalid(explain(mistakes, name), field_name(mistakes[0], name)) from None


def explain(mistakes: Sequence[ErrorDetails], name: str = "") -> str:
    """pydantic's findings in our words, the first few of them."""
    told = [_sentence(mistake, name) for mistake in mistakes[:SHOWN]]
    more = len(mistakes) - len(told)
    return " ".join([*told, *([f"And {more} more."] if more else [])])


def field_name(mistake: ErrorDetails, name: str = "") -> str:
    """Which field a finding is about, such as ``start.countdown_s`` or ``poses[3]``."""
    said = name
    for step in mistake["loc"]:
        said += f"[{step}]" if isinstance(step, int) else f".{step:.{LONGEST_NAME}}"
    return said.removeprefix(".")


def _sentence(mistake: ErrorDetails, name: str) -> str:
    field = field_name(mistake, name) or "The message"
    words = what_would_be_right(mistake)
    if mistake["type"] in NAMELESS:
        return f"{field} {words}."
    return f"{field} {words}, got {shown(mistake['input'])}."


def what_would_be_right(mistake: ErrorDetails) -> str:
    """The end of a sentence that begins with the field, such as "must be text"."""
    kind, facts = mistake["type"], mistake.get("ctx", {})
    if kind == "value_error":
        return str(facts["error"])
    if kind in _WORDS:
        return _WORDS[kind].format(**facts)
    return mistake["msg"][:1].lower() + mistake["msg"][1:]  # which may quote any value


def sort_of(value: object) -> str:
    """What a plain value is, in words."""
    return next((words for kind, words in _SORTS if isinstance(value, kind)), "something else")


def shown(value: object) -> str:
    """A value as it was given, shortened."""
    return _short.repr(value)


_SORTS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (type(None), "nothing"),
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "a text"),
    (bytes, "bytes"),
    ((list, tuple), "a list"),
    (dict, "a map"),
)
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no field that is known here",
    "unexpected_keyword_argument": "is no field that is known here",
    "string_type": "must be text",
    "string_too_long": "must be text of at most {max_length} characters",
    "string_too_short": "must be text of at least {min_length} characters",
    "string_pattern_mismatch": "must be text like {pattern}",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "dict_type": "must be a map",
    "model_type": "must be a map of fields",
    "model_attributes_type": "must be a map of fields",
    "bytes_type": "must be bytes",
    "union_tag_invalid": "must have one of {expected_tags} as {discriminator}",
    "union_tag_not_found": "must say in {discriminator} what it is",
}
