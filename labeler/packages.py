"""Packages that only some weights need, and which do not come with teachloop."""

from importlib.util import find_spec

from ..runtime.errors import TeachloopError


class MissingPackages(TeachloopError):
    def __init__(self, what: str, packages: tuple[str, ...]) -> None:
        super().__init__(
            f"{what} needs more than is installed: `.venv/bin/pip install -c constraints.txt "
            f"{' '.join(packages)}` brings it; then start teachloop again."
        )


def require_packages(what: str, packages: tuple[str, ...]) -> None:
    """Nothing of them is loaded. Raises MissingPackages where one is not there."""
    if not all(find_spec(package) for package in packages):
        raise MissingPackages(what, packages)
