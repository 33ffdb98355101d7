"""Why nothing was sent or fetched."""

from pathlib import Path

from ...runtime.errors import TeachloopError


class CannotReach(TeachloopError):
    def __init__(self, url: str, why: Exception) -> None:
        said = str(why).strip() or type(why).__name__
        super().__init__(
            f"{url} cannot be reached: {said} Once it can, the same command goes on where it "
            "stopped."
        )


class NothingThere(TeachloopError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"At {url} is nothing that `teachloop push` wrote. Name the URL that was given there."
        )


class NotWhole(TeachloopError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"What is at {url} is not whole: it is being sent just now, or that was interrupted. "
            "Send it again, with the same command, then fetch it."
        )


class CannotSend(TeachloopError):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be sent: a path has no backslash, no name of more than 255 bytes, and "
            "1000 bytes at most. Rename it."
        )


class BadManifest(TeachloopError):
    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The manifest at {url} cannot be read: {why}")


class Altered(TeachloopError):
    def __init__(self, url: str, path: str) -> None:
        super().__init__(
            f"{path} at {url} is not the file that was sent. Send it again, then fetch it."
        )


class NothingToSend(TeachloopError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no file to send in {folder}.")


class StillChanging(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changes all the time. Push once nobody writes to it any more.")


class SentBefore(TeachloopError):
    def __init__(self, url: str, holds_takes: bool) -> None:
        what = "takes" if holds_takes else "a folder of another kind"
        super().__init__(f"At {url} are {what} already. Name another place: nothing was changed.")


class OtherKind(TeachloopError):
    def __init__(self, url: str, holds_takes: bool) -> None:
        words = (
            "holds takes. Name a data folder, and they are added to it"
            if holds_takes
            else "holds no takes but a folder of another kind. Name one that is not there yet"
        )
        super().__init__(f"{url} {words}.")
