"""What names a base, here and from elsewhere."""

from pathlib import Path

import pytest
from tiny_openvla import write_checkpoint

from teachloop.training.policies.base_names import DEFAULT, UnknownBase, base_folder
from teachloop.training.policies.registry import absolute_name


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("", DEFAULT),
        (DEFAULT, DEFAULT),
        ("openvla/openvla-7b", "openvla/openvla-7b"),
        ("openvla/openvla-7b#bridge_orig", "openvla/openvla-7b#bridge_orig"),
    ],
)
def test_a_name_stays_a_name(named: str, kept: str) -> None:
    assert absolute_name(named) == kept


def test_a_folder_is_found_from_everywhere(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "vla")
    assert absolute_name("vla") == str(tmp_path / "vla")
    assert absolute_name("vla#bridge_orig") == f"{tmp_path / 'vla'}#bridge_orig"
    shipped = base_folder(DEFAULT)
    (tmp_path / "link").symlink_to(shipped)
    assert absolute_name("link") == str(shipped.resolve())


def test_what_is_nowhere_is_told() -> None:
    with pytest.raises(UnknownBase, match="No base 'nowhere'"):
        absolute_name("nowhere")
