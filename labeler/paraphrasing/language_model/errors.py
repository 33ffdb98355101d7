"""Why a language model cannot be used, each in a sentence with what would help."""

from pathlib import Path

from ....runtime.errors import TeachloopError

VARIABLE = "TEACHLOOP_LANGUAGE_MODEL"
PUBLISHED = "Qwen/Qwen2.5-0.5B-Instruct"


class NoLanguageModel(TeachloopError):
    def __init__(self, named: str, wanted: str) -> None:
        """``named``: what there is not, in words. ``wanted``: a hub id that could be fetched."""
        super().__init__(
            f"{named}. Fetch one by the row language-model of Set-up's models, or by "
            f"`hf download {wanted}`, and name that id, or a folder, there or in {VARIABLE}."
        )


class UnusableLanguageModel(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} is no language model that can be used: {reason}. Those of {PUBLISHED} and its "
            f"siblings can, as they are fetched from the hub."
        )


class NoMemory(TeachloopError):
    def __init__(self, path: Path, needed: str, free: str) -> None:
        super().__init__(
            f"The language model in {path} needs {needed} of memory while it is loaded, and {free} "
            "are free. End other programs, or name a smaller one."
        )
