"""What there is of each method's weights: what is named, where, and what could be fetched."""

import os
from pathlib import Path

from ...runtime.validation import StrictModel
from ..methods import Methods
from ..settings import FILE, LabelerSettings, Method
from .published import Published
from .storage import ModelStorage, local, published, size_on_disk

# By which a model of the hub's cache is found.
HUB_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")


class PublishedWeights(StrictModel):
    """Weights that can be fetched, or were."""

    name: str
    """What `fetch` knows them by."""
    about: str
    size: int
    """Bytes of it as it is published."""
    licence: str
    source: str
    """Address where it is published."""
    here: int
    """Bytes that are there of it."""
    whole: bool
    """Whether that is all."""
    path: str
    """Where it is, or will be."""


class MethodWeights(StrictModel):
    """A way to segment, to propagate, to find by name or to paraphrase, and its weights."""

    name: str
    segments: bool
    propagates: bool
    finds: bool
    paraphrases: bool
    needs: str
    costs: str
    takes_weights: bool
    variable: str
    """Of the environment, which may name them as well."""
    weights: str
    """File, folder or hub id that is named; empty: none is."""
    named_in: str
    """The file or the variable that names them."""
    size: int
    """Bytes of what is named; 0 where there is nothing."""
    published: list[PublishedWeights]


class ModelList(StrictModel):
    """All methods, and where their weights are looked for."""

    methods: list[MethodWeights]
    folder: str
    """Where those lie that were fetched."""
    settings: str
    """The file that names weights."""


def list_models(data: Path) -> ModelList:
    """As the data folder's settings have it now. Raises WrongSettings."""
    methods, storage = Methods(LabelerSettings.read(data)), ModelStorage(data)
    return ModelList(
        methods=[_row(methods, storage, name) for name in methods.by_name],
        folder=str(storage.folder.absolute()),
        settings=str((data / FILE).absolute()),
    )


def _row(methods: Methods, storage: ModelStorage, name: str) -> MethodWeights:
    method = methods.by_name[name]
    named = os.environ.get(method.variable, "") if method.variable else ""
    weights = method.weights or named
    all_published = published(methods.settings)
    return MethodWeights(
        name=name,
        segments=name in methods.segmenters,
        propagates=name in methods.propagators,
        finds=name in methods.finders,
        paraphrases=name in methods.paraphrasers,
        needs=method.needs,
        costs=method.costs,
        takes_weights=methods.takes_weights(name),
        variable=method.variable,
        weights=weights,
        named_in=_named_in(method, name in methods.settings.weights, named),
        size=_size(weights),
        published=[_card(storage, item) for item in all_published if item.method == name],
    )


def _named_in(method: Method, chosen: bool, by_environment: str) -> str:
    if method.weights:
        return FILE if chosen else f"its entry of {FILE}"
    return method.variable if by_environment else ""


def _card(storage: ModelStorage, item: Published) -> PublishedWeights:
    path = storage.path(item)
    return PublishedWeights(
        name=item.name,
        about=item.about,
        size=item.size,
        licence=item.licence,
        source=item.source,
        here=storage.size(item),
        whole=path.exists(),
        path=str(path.absolute()),
    )


def _size(weights: str) -> int:
    """Bytes of a file, a folder or what the hub's cache has of an id; 0 where there is nothing."""
    if not weights:
        return 0
    return size_on_disk(local(weights)) or _size_of_id(weights)


def _size_of_id(hub_id: str) -> int:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = [try_to_load_from_cache(hub_id, name) for name in HUB_WEIGHTS]
    except HFValidationError:
        return 0
    there = [each for each in found if isinstance(each, str)]
    return size_on_disk(Path(there[0]).parent) if there else 0
