from pathlib import Path

import pytest
from tiny_openvla import write_checkpoint

from teachloop.training.policies.base_list import NoBase, add_base, choices
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.registry import find_family


def names(data: Path) -> list[str]:
    return [choice.name for choice in choices(data)]


def test_the_shipped_base_comes_first_and_says_what_it_takes(tmp_path: Path) -> None:
    first = choices(tmp_path)[0]
    assert (first.name, first.family) == (DEFAULT, "grounded")
    assert first.presets["quick"] == ("2620 steps", "about 3 min on 2 cores")


def test_a_folder_among_the_bases_is_found(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "bases" / "mine")
    found = choices(tmp_path)[-1]
    assert (found.name, found.family) == (str(folder), "openvla")


@pytest.mark.parametrize("name", ["openvla/openvla-7b", "https://gpu:7861", "http://10.0.0.2:80"])
def test_a_name_is_remembered_once(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        add_base(tmp_path, f" {name} ")
    assert names(tmp_path) == [DEFAULT, name]


@pytest.mark.parametrize("name", ["", "nothing", "ftp://gpu", "a/b", "/tmp", "../openvla"])
def test_what_is_no_base_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoBase, match="Give a folder"):
        add_base(tmp_path, name)
    assert names(tmp_path) == [DEFAULT]


def test_a_base_that_went_away_is_no_longer_offered(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "elsewhere")
    add_base(tmp_path, str(folder))
    (folder / "config.json").unlink()
    assert names(tmp_path) == [DEFAULT]


@pytest.mark.parametrize(
    "content",
    ["{not json", "5", '{"a": 1}', "[1, null]", "[" * 99999, '["http://["]', '["\\ud800"]'],
)
def test_a_broken_list_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "bases.json").write_text(content)
    assert names(tmp_path) == [DEFAULT]


def test_a_configuration_of_another_model_is_no_openvla(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "clip"}')
    assert find_family(str(tmp_path)) is None
    (tmp_path / "config.json").write_text("{")
    assert find_family(str(tmp_path)) is None
