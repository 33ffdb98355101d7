"""What can be asked of an image: where something is. Imports nothing heavy."""

from typing import Literal

Query = Literal["target", "destination"]
QUERIES: tuple[Query, ...] = ("target", "destination")
