"""What the pages may be told went wrong, beyond what the other folders raise."""

from pathlib import Path

from ...runtime.errors import TeachloopError


class OnlyLooking(TeachloopError):
    """``driven``: whether another window drives, or nobody does any more."""

    def __init__(self, driven: bool = True) -> None:
        nobody = "This window was not heard from for a moment, so the robot holds"
        reason = "Another window is driving" if driven else nobody
        super().__init__(f"{reason}. Take control first.")


class PortTaken(TeachloopError):
    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: {reason}. Choose another --port.")


class NoDataFolder(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no such data folder: {path}. Name one with --data.")


class NoCertificate(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no certificate at {path}. Name a PEM file.")


class NoSuchFile(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no {name!r}.")
