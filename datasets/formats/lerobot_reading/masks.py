"""Masks that teachloop wrote beside a LeRobotDataset."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from ..imported.episode import EpisodeRefused
from ..imported.masks import MaskRow, validated_rows
from .columns import EPISODE, MOST_BYTES
from .dataset import in_words


def mask_rows(root: Path, episode: int) -> list[MaskRow]:
    """Those of an episode; none where no masks go along. Raises EpisodeRefused."""
    rows: list[dict[str, Any]] = []
    for path in sorted((root / "masks").glob("chunk-*/file-*.parquet")):
        try:
            _require_small(path)
            table = parquet.read_table(path, filters=[(EPISODE, "=", episode)])
            rows += table.drop_columns(EPISODE).to_pylist()
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            raise EpisodeRefused(
                f"masks/…/{path.name} cannot be read: {in_words(error)}."
            ) from error
    return validated_rows(rows)


def _require_small(path: Path) -> None:
    if not path.is_file():
        raise ValueError("it is no file")
    with parquet.ParquetFile(path) as file:
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    if (size := sum(group.total_byte_size for group in groups)) > MOST_BYTES:
        raise ValueError(f"{size >> 20} MiB are too many")
