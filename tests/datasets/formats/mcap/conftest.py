"""Takes exported as MCAP, and read again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mcap_files import McapFile

from teachloop.datasets.formats.mcap.export import export_takes
from teachloop.datasets.formats.mcap.options import McapOptions


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., McapFile]:
    """Of the first take."""

    def run(*takes: str, **options: object) -> McapFile:
        asked = McapOptions.model_validate(options)
        export_takes(tmp_path, takes, asked, tmp_path / "out", lambda message, share: None)
        return McapFile(tmp_path / "out" / f"{takes[0]}.mcap")

    return run
