from typing import Any

import pytest

from teachloop.runtime.plain_values import require_plain


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def shared(levels: int) -> Any:
    """Twice the same value in each level: 2 to the power of ``levels`` in all."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value, "b": value}
    return value


def test_what_people_write_is_plain() -> None:
    require_plain({"a": [1, 2.5, None, True, "赤"], "b": {"c": []}, 5: "x"})
    require_plain(nested(50))


def test_what_contains_itself_is_no_plain_value() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match="nested too deep"):
        require_plain(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (nested(51), "nested too deep"),
        (nested(100_000), "nested too deep"),
        (shared(40), "more than 20000 values"),
        ([0] * 20_000, "more than 20000 values"),
        ({"a": ["\ud800"]}, "half a character"),
        ({"\udfff": 1}, "half a character"),
    ],
    ids=["deep", "very deep", "shared", "long", "half in a list", "half as a name"],
)
def test_what_nobody_means_is_refused_in_words(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        require_plain(value)
