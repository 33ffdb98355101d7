"""What only writing a LeRobotDataset needs: an extra. Imports none of it."""

from importlib.util import find_spec

from .errors import MissingLibraries

NEEDED = ("pyarrow",)


def require_libraries() -> None:
    """Raises MissingLibraries."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise MissingLibraries(missing)
