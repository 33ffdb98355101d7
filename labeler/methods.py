"""The labeler's methods by name. A method's own module loads only when it is chosen."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Annotated

from pydantic import Field, ValidationError

from ..runtime.errors import TeachloopError
from ..runtime.regular_file import read_bytes
from ..runtime.validation import StrictModel, explain
from .finders.interface import Finder
from .look_times import LookTimes
from .models.published import Published
from .paraphrasing.interface import Paraphraser
from .propagation.interface import Propagator
from .segmenters.interface import Segmenter

FILE = "labeler.json"  # in the data folder, where there is one


class UnknownMethod(TeachloopError):
    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        super().__init__(f"No {kind} {name!r}. Known: {', '.join(known)}. {FILE} can name more.")


class UnusableMethod(TeachloopError):
    def __init__(self, kind: str, factory: str, reason: str) -> None:
        super().__init__(f"The {kind} {factory!r} cannot be used: {reason}.")


class NoWeightsTaken(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes no weights.")


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


_HERE = __name__.rpartition(".")[0]
_SAM2 = "TEACHLOOP_SAM2"
SEGMENTERS: Mapping[str, str | Method] = {
    "classical": Method(
        factory=f"{_HERE}.segmenters.classical.segmenter:ClassicalSegmenter",
        needs="nothing beside OpenCV",
        costs="5 to 40 ms a click",
    ),
    "segment-anything": Method(
        factory=f"{_HERE}.segmenters.sam.segmenter:SamSegmenter",
        check=f"{_HERE}.segmenters.sam.weights:check_weights",
        variable="TEACHLOOP_SAM",
        needs="weights of SAM's ViT-B, L or H",
        costs="on two cores 9 s for the first click in a frame, then 60 ms a click; ViT-B",
        several=True,
    ),
    "sam2": Method(
        factory=f"{_HERE}.segmenters.sam2.segmenter:Sam2Segmenter",
        check=f"{_HERE}.segmenters.sam2.segmenter:check_weights",
        variable=_SAM2,
        needs="weights of SAM 2, 2.1 or EdgeTAM by transformers, a folder or a fetched hub id",
        costs="on two cores 2.4 s for the first click in a frame, then 60 ms a click; tiny",
        several=True,
    ),
}
PROPAGATORS: Mapping[str, str | Method] = {
    "classical": Method(
        factory=f"{_HERE}.propagation.classical.propagator:ClassicalPropagator",
        needs="nothing beside OpenCV; better where cameras are calibrated",
        costs="a few ms a frame and object",
    ),
    "sam2": Method(
        factory=f"{_HERE}.propagation.sam2.propagator:Sam2Propagator",
        variable=_SAM2,
        needs="weights of SAM 2, 2.1 or EdgeTAM by transformers; a mask in each camera",
        costs="on two cores 7 s a frame, 4 s more for each further object; tiny",
    ),
}
FINDERS: Mapping[str, str | Method] = {
    "sam3": Method(
        factory=f"{_HERE}.finders.sam3.finder:Sam3Finder",
        check=f"{_HERE}.finders.sam3.weights:check_weights",
        variable="TEACHLOOP_SAM3",
        needs="weights of SAM 3, whose licence is to be agreed to on the hub first; by "
        "transformers, a folder or a hub id that was fetched",
        costs="not measured; with 0.8 billion parameters a look takes long without a GPU",
    ),
}
PARAPHRASERS: Mapping[str, str | Method] = {
    "templates": Method(
        factory=f"{_HERE}.paraphrasing.templates:Templates",
        needs="nothing; English alone",
        costs="at once",
    ),
    "language-model": Method(
        factory=f"{_HERE}.paraphrasing.language_model.paraphraser:LanguageModelParaphraser",
        check=f"{_HERE}.paraphrasing.language_model.loading:check_weights",
        variable="TEACHLOOP_LANGUAGE_MODEL",
        needs="a causal language model by transformers, a folder or a hub id that was fetched",
        costs="0.5B on two busy cores 2 minutes; 2 GB, and 3.3 GB while it loads",
    ),
}


class Methods:
    """What the settings name, and what is built in. Safe to use from several threads."""

    def __init__(self, settings: LabelerSettings | None = None) -> None:
        self._lock = Lock()
        self.use(settings or LabelerSettings())

    def use(self, settings: LabelerSettings) -> None:
        """From now on; whoever has a segmenter, propagator or finder keeps it."""
        weights = settings.weights
        with self._lock:
            self.settings = settings
            self.segmenters = _methods(weights, SEGMENTERS, settings.segmenters)
            self.propagators = _methods(weights, PROPAGATORS, settings.propagators)
            self.finders = _methods(weights, FINDERS, settings.finders)
            self._propagators: dict[str, Propagator] = {}
            self._finders: dict[str, Finder] = {}
            self.paraphrasers = _methods(weights, PARAPHRASERS, settings.paraphrasers)
            self._paraphrasers: dict[str, Paraphraser] = {}
            self.look_times = LookTimes()

    @property
    def by_name(self) -> Mapping[str, Method]:
        """All methods; where two of different kinds share a name, they share weights."""
        others = {**self.segmenters, **self.propagators, **self.finders, **self.paraphrasers}
        return {**others, **self.segmenters}

    def takes_weights(self, name: str) -> bool:
        method = self.by_name[name]
        some = any(item.method == name for item in self.settings.published)
        return some or bool(method.weights or method.variable or method.check)

    def check(self, name: str, weights: str) -> None:
        """Whether these can be the weights of a method.

        Raises UnknownMethod, UnusableMethod, NoWeightsTaken, and what its own check raises.
        """
        method = _named("method", self.by_name, name)
        if not self.takes_weights(name):
            raise NoWeightsTaken(name)
        with _usable("weights of", name):
            if method.check:
                _found(method.check)(weights)
            else:
                _found(method.factory)(weights=weights)

    def segmenter(self, name: str = "") -> Segmenter:
        """A new one, for one image; by default that of the settings.

        Raises UnknownMethod, UnusableMethod.
        """
        method = _named("segmenter", self.segmenters, name or self.settings.segmenter)
        made = _make("segmenter", method)
        if not isinstance(made, Segmenter):
            raise UnusableMethod("segmenter", method.factory, "it has no set_image and segment")
        return made

    def propagator(self, name: str = "") -> Propagator:
        """The only one of its name; by default that of the settings.

        Raises UnknownMethod, UnusableMethod.
        """
        name = name or self.settings.propagator
        method = _named("propagator", self.propagators, name)
        with self._lock:
            if name not in self._propagators:
                made = _make("propagator", method)
                if not isinstance(made, Propagator):
                    raise UnusableMethod("propagator", method.factory, "it has no propagate")
                self._propagators[name] = made
            return self._propagators[name]

    def finder(self, name: str = "") -> tuple[Finder, str]:
        """The only one of its name, and that name; by default that of the settings.

        Raises UnknownMethod, UnusableMethod, and what making it raises.
        """
        name = name or self.settings.finder
        method = _named("finder", self.finders, name)
        with self._lock:
            if name not in self._finders:
                made = _make("finder", method)
                if not isinstance(made, Finder):
                    raise UnusableMethod("finder", method.factory, "it has no find")
                self._finders[name] = made
            return self._finders[name], name

    def paraphraser(self, name: str = "") -> Paraphraser:
        """The only one of its name; by default that of the settings.

        Raises UnknownMethod, UnusableMethod, and what one without its weights raises.
        """
        name = name or self.settings.paraphraser
        method = _named("paraphraser", self.paraphrasers, name)
        with self._lock:
            if name not in self._paraphrasers:
                made = _make("paraphraser", method)
                if not isinstance(made, Paraphraser):
                    raise UnusableMethod(
                        "paraphraser", method.factory, "it has no name and propose"
                    )
                self._paraphrasers[name] = made
            return self._paraphrasers[name]


def _methods(
    weights: Mapping[str, str], *tables: Mapping[str, str | Method]
) -> Mapping[str, Method]:
    known = {
        name: Method(factory=method) if isinstance(method, str) else method
        for table in tables
        for name, method in table.items()
    }
    return {
        name: method.model_copy(update={"weights": weights.get(name, method.weights)})
        for name, method in known.items()
    }


def _named(kind: str, known: Mapping[str, Method], name: str) -> Method:
    if name not in known:
        raise UnknownMethod(kind, name, list(known))
    return known[name]


def _make(kind: str, method: Method) -> object:
    with _usable(kind, method.factory):
        given = {"weights": method.weights} if method.weights else {}
        return _found(method.factory)(**given)


def _found(place: str) -> Callable[..., object]:
    """What is at `module:name`."""
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


@contextmanager
def _usable(kind: str, name: str) -> Iterator[None]:
    """Whatever a method's own module meets, the labeler goes on. Raises UnusableMethod."""
    try:
        yield
    except TeachloopError:
        raise
    except Exception as error:
        raise UnusableMethod(kind, name, f"{type(error).__name__}: {error}") from error
