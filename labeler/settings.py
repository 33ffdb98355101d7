"""What a data folder says of the labeler's methods: others beside the built-in ones, and their
weights."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from ..runtime.errors import TeachloopError
from ..runtime.regular_file import read_bytes
from ..runtime.validation import StrictModel, explain
from .models.published import Published

FILE = "labeler.json"  # in the data folder, where there is one


class WrongSettings(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is not as it should be: {reason}")


class Method(StrictModel):
    """One way to segment, to propagate, to find by name or to paraphrase."""

    factory: str
    """`module:Class`; called without arguments, or with `weights`."""
    weights: str = ""
    """File, folder or hub id of its weights."""
    variable: str = ""
    """Of the environment, which names its weights where nothing else does."""
    needs: str = ""
    """Weights, a GPU, a package."""
    costs: str = ""
    """Time and memory."""
    several: bool = False
    """Whether it knows several masks that a lone click may mean."""
    check: str = ""
    """`module:function` that is given weights, and raises TeachloopError where they are not what
    they should be; without it, they are what the factory takes."""

    @property
    def offered(self) -> bool:
        """Whether it can be chosen: not where it has weights that nobody named."""
        return not self.variable or bool(self.weights or os.environ.get(self.variable))


class LabelerSettings(StrictModel):
    """Methods beside the built-in ones, each a name and its `module:Class`, and the defaults."""

    segmenters: Mapping[str, str | Method] = {}
    weights: Mapping[str, str] = {}
    """Name of a method -> file, folder or hub id of its weights."""
    propagators: Mapping[str, str | Method] = {}
    finders: Mapping[str, str | Method] = {}
    paraphrasers: Mapping[str, str | Method] = {}
    published: tuple[Published, ...] = ()
    """Weights that can be fetched, beside those of ``models/published.py``."""
    segmenter: str = "classical"
    propagator: str = "classical"
    finder: str = "sam3"
    paraphraser: str = "templates"
    embeddings_gb: Annotated[float, Field(ge=0)] = 8.0
    """Of the data folder's disk, for what SAM and SAM 2 saw of frames: 2 MB a frame, or 8. With 0
    none is kept there."""

    @classmethod
    def read(cls, data: Path) -> "LabelerSettings":
        """Of a data folder; without the file, what is built in. Raises WrongSettings."""
        path = data / FILE
        try:
            return cls.model_validate_json(read_bytes(path))
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise WrongSettings(path, f"it cannot be read: {error.strerror}") from error
        except ValidationError as error:
            raise WrongSettings(path, explain(error.errors(include_url=False))) from error
