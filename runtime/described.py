"""Models whose JSON schema says what stands under their fields.

Pydantic can read that itself, while a class is made, and looks through all that is imported for
each. Here it is read when somebody asks for the schema.
"""

import ast
import inspect
import textwrap
from itertools import pairwise

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class DescribedModel(BaseModel, extra="forbid"):
    """The string under a field is its description."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema).get("properties", {})
        for model in cls.__mro__:
            for name, words in _words_under_fields(model).items():
                if name in fields:
                    fields[name].setdefault("description", words)
        return schema


def _words_under_fields(model: type) -> dict[str, str]:
    """Nothing where there is no source to read."""
    try:
        (found,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    except (OSError, TypeError):
        return {}
    assert isinstance(found, ast.ClassDef), "the source of a class is a class"
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(found.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(below.value.value, str)
    }
