"""Edits of the objects of a take, and of what they are called."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from ...runtime.errors import TeachloopError
from .edit import DirectEdit, SetFields
from .label_values import ObjectLabel, merged, require, require_texts
from .snapshot import Draft


class ObjectExists(TeachloopError):
    """``name`` is what ``object`` is called."""

    def __init__(self, name: str, object: str) -> None:
        there = f"There is an object {object!r:.60} already"
        also = "" if name == object else f", which is called {name!r:.60}, too"
        super().__init__(f"{there}{also}. Choose another name.")


@dataclass(frozen=True, slots=True)
class SetObjects(SetFields):
    """Raises ObjectExists where one has the name that another is called by, too."""

    kind: ClassVar[str] = "objects"
    objects: tuple[ObjectLabel, ...]

    def change(self, draft: Draft) -> None:
        """Of one name there is one object, whoever wrote two; synonyms go with their object."""
        draft.objects = merged(self.objects)
        names = [label.name for label in draft.objects]
        draft.synonyms = {name: said for name, said in draft.synonyms.items() if name in names}
        for name in names:
            _require_free(draft, name, but=name)


@dataclass(frozen=True, slots=True)
class RenameObject(DirectEdit):
    """An object has another name, and keeps its masks, prompts and synonyms; nothing where there is
    no such object. Raises ObjectExists."""

    kind: ClassVar[str] = "rename"
    object: str
    name: str

    def __post_init__(self) -> None:
        require_texts(object=self.object, name=self.name)

    def change(self, draft: Draft) -> None:
        if self.object not in [label.name for label in draft.objects]:
            return
        _require_free(draft, self.name, but=self.object)
        synonyms = draft.synonyms.pop(self.object, ())
        draft.objects = tuple(replace(label, name=self._now(label.name)) for label in draft.objects)
        draft.masks = {
            (camera, frame, self._now(name)): mask
            for (camera, frame, name), mask in draft.masks.items()
        }
        draft.prompts = tuple(
            replace(prompt, object=self._now(prompt.object)) for prompt in draft.prompts
        )
        _call(draft, self.name, synonyms)

    def _now(self, name: str) -> str:
        return self.name if name == self.object else name


@dataclass(frozen=True, slots=True)
class SetSynonyms(DirectEdit):
    """What else an object is called; nothing where there is no such object. Raises ObjectExists
    where another one is called so."""

    kind: ClassVar[str] = "synonyms"
    object: str
    synonyms: tuple[str, ...]

    def __post_init__(self) -> None:
        require_texts(object=self.object)
        for synonym in self.synonyms:
            require_texts(synonym=synonym)
            require(bool(synonym.strip()), "synonym", synonym)

    def change(self, draft: Draft) -> None:
        if self.object not in [label.name for label in draft.objects]:
            return
        for synonym in self.synonyms:
            _require_free(draft, synonym, but=self.object)
        _call(draft, self.object, self.synonyms)


def _require_free(draft: Draft, word: str, but: str) -> None:
    """Raise ObjectExists where an object other than ``but`` is called so."""
    for label in draft.objects:
        if label.name != but and word in (label.name, *draft.synonyms.get(label.name, ())):
            raise ObjectExists(word, label.name)


def _call(draft: Draft, name: str, synonyms: Iterable[str]) -> None:
    """Each synonym once, and never the name itself."""
    kept = tuple(dict.fromkeys(each for each in synonyms if each != name))
    draft.synonyms.pop(name, None)
    if kept:
        draft.synonyms[name] = kept
