import json
from pathlib import Path

import pytest

from teachloop.runtime.json_file import BrokenJson, HalfCharacter, read_json, write_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "nested too deep"),
        ('{"a": ' + "[" * 900 + "]" * 900 + "}", "nested too deep"),
        ('{"name": "\\ud800"}', "surrogates"),
        ('{"\\ud800": 1}', "surrogates"),
        ("[1]", "it holds a list"),
        ("", "Expecting value"),
    ],
)
def test_what_no_reader_of_json_takes_is_told_with_its_file(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "status.json").write_text(text)
    with pytest.raises(BrokenJson, match=rf"status\.json.*{said}"):
        read_json(tmp_path / "status.json")


def test_numbers_that_json_has_not_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": NaN, "b": [-Infinity, 1e999, 2.5], "c": "\\u00e4"}')
    assert read_json(tmp_path / "a.json") == {"a": None, "b": [None, None, 2.5], "c": "ä"}


def test_what_cannot_be_written_leaves_the_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "before"})
    with pytest.raises(HalfCharacter, match="Half a character cannot be saved"):
        write_json(tmp_path / "a.json", {"name": "\ud800"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert json.loads((tmp_path / "a.json").read_text()) == {"name": "before"}
