"""Takes exported as RLDS, and read again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rlds_files import RldsFiles

from teachloop.datasets.formats.rlds.export import export_takes
from teachloop.datasets.formats.rlds.options import RldsOptions


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., RldsFiles]:
    def run(*takes: str, **options: object) -> RldsFiles:
        asked = RldsOptions.model_validate(options)
        export_takes(tmp_path, takes, asked, tmp_path / "out", lambda message, share: None)
        return RldsFiles(tmp_path / "out", asked.name)

    return run
