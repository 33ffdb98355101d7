"""Why weights did not come, each in a sentence with what would help."""

from ...runtime.errors import TeachloopError
from .size import in_words

BUSY = (408, 429)  # as is whatever begins with a 5


class NotFetched(TeachloopError):
    """Weights did not come whole."""


class Passing(NotFetched):
    """What may be over in a moment."""


class Unreachable(Passing):
    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"{url} cannot be reached: {reason}. Try again where it can be, or fetch it by hand "
            "and name what you have."
        )


class Busy(Passing):
    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} answers {status}: it is busy or out of order. Try again later.")


class CutOff(Passing):
    def __init__(self, url: str, had: int, size: int) -> None:
        super().__init__(
            f"{url} is cut off again and again, at last after {in_words(had)} of {in_words(size)}. "
            "What came is kept: fetch it again, and it goes on from there."
        )


class Gated(NotFetched):
    def __init__(self, page: str) -> None:
        super().__init__(
            f"The makers of {page} want to know who has it: agree to their terms there, and log in "
            "on this machine by `hf auth login`."
        )


class Refused(NotFetched):
    def __init__(self, url: str, status: int) -> None:
        means = _MEANING.get(status, "and does not hand it out")
        super().__init__(f"{url} answers {status}: {means}.")


def refusal(url: str, status: int) -> NotFetched:
    """Of a server that answers with anything but what was asked for."""
    return (Busy if status in BUSY or status >= 500 else Refused)(url, status)


class AnotherFile(NotFetched):
    def __init__(self, url: str, told: str, size: int) -> None:
        super().__init__(
            f"{url} answers with {told} instead of {in_words(size)} of weights. A network that "
            "wants a log-in first does so; else it is not what was published any more."
        )


class WrongHash(NotFetched):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"What came from {url} is not what was published: its hash is another. It was thrown "
            "away. Fetch it again; where that ends the same, a server or network changes it."
        )


_MEANING = {
    401: "it wants to know who asks; log in on this machine by `hf auth login`",
    403: "it does not hand it out to whoever asks from here",
    404: "it is not there, or not any more",
    407: "a proxy wants to know who asks; HTTPS_PROXY can tell it",
}
