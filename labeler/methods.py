"""The labeler's methods by name. A method's own module loads only when it is chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import Lock

from ..runtime.errors import TeachloopError
from .built_in import FINDERS, PARAPHRASERS, PROPAGATORS, SEGMENTERS
from .finders.interface import Finder
from .look_times import LookTimes
from .paraphrasing.interface import Paraphraser
from .propagation.interface import Propagator
from .segmenters.interface import Segmenter
from .settings import FILE, LabelerSettings, Method


class UnknownMethod(TeachloopError):
    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        super().__init__(f"No {kind} {name!r}. Known: {', '.join(known)}. {FILE} can name more.")


class UnusableMethod(TeachloopError):
    def __init__(self, kind: str, factory: str, reason: str) -> None:
        super().__init__(f"The {kind} {factory!r} cannot be used: {reason}.")


class NoWeightsTaken(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes no weights.")


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
