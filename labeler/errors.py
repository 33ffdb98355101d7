"""What the labeler refuses, in words for the page."""

from ..datasets.errors import TeachloopError


class NothingPrompted(TeachloopError):
    def __init__(self) -> None:
        super().__init__("Nothing to segment yet: click on the object or draw a box around it.")
