"""What an import makes of a mutated set."""

from pathlib import Path

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.takes.check import check
from teachloop.runtime.errors import TeachloopError

from .surface import Accepted


def refusal_of(data: Path, source: Path, options: ImportOptions) -> str:
    """Why nothing, or not all, was imported into a data folder that is not there yet; nothing where
    all was. Raises Accepted where a take was made that is none."""
    try:
        done = import_takes(data, source, options, lambda message, share: None)
    except TeachloopError as error:
        return str(error)
    if found := check(data):
        raise Accepted(f"a take that is none was made: {found[0]}")
    return "; ".join(done.left_out.values())
