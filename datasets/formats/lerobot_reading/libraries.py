"""What only reading a LeRobotDataset needs: the same extra as writing one. Imports none of it."""

from importlib.util import find_spec

from ....runtime.errors import TeachloopError

INFO = "meta/info.json"  # by which a data set is known
NEEDED = ("pyarrow",)


class MissingLibraries(TeachloopError):
    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            f"Reading a LeRobotDataset needs {' and '.join(missing)}, which is not installed. "
            ".venv/bin/pip install pyarrow brings it."
        )


def require_libraries() -> None:
    """Raises MissingLibraries."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise MissingLibraries(missing)
