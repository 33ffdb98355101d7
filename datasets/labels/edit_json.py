"""Edits and snapshots as plain JSON values, and back, trusting nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .edits import EDITS, Edit, ObjectLabel, Prompt, Segment, Snapshot
from .masks import MaskRecord, MaskSource, Rle

# What each field of an edit may hold; bool is checked apart, since it is an int to Python
SIMPLE: Mapping[str, tuple[type, ...]] = {
    "camera": (str,),
    "frame": (int,),
    "object": (str,),
    "instruction": (str, type(None)),
    "success": (bool, type(None)),
    "deleted": (bool,),
    "locked": (bool,),
    "note": (str,),
    "revision": (int,),
}
REVIEWS = ("open", "done", "approved")


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """An edit as JSON values, its kind first."""
    values = asdict(edit)
    if "mask" in values:
        values["mask"] = _mask_row(getattr(edit, "mask"))  # noqa: B009 (Edit has no mask)
    return {"kind": edit.kind, **values}


def edit_from_json(values: Mapping[str, Any]) -> Edit:
    """The edit that these values describe. Raises KeyError, TypeError, ValueError on others."""
    fields = dict(values)
    kind = fields.pop("kind")
    if kind not in EDITS:
        raise ValueError(f"no edit of kind {kind!r}")
    return EDITS[kind](**{name: _field(name, value) for name, value in fields.items()})


def snapshot_to_json(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON values; masks as rows, since there may be thousands."""
    names = [name for name in Snapshot.__dataclass_fields__ if name != "masks"]
    values = {name: getattr(snapshot, name) for name in names}
    for name in ("objects", "segments", "prompts"):
        values[name] = [asdict(item) for item in values[name]]
    masks = [[*place, *_mask_row(mask)] for place, mask in snapshot.masks.items()]
    return {**values, "masks": masks}


def snapshot_from_json(values: Mapping[str, Any]) -> Snapshot:
    """The snapshot that these values describe. Raises KeyError, TypeError, ValueError."""
    fields = {name: _field(name, value) for name, value in values.items() if name != "masks"}
    masks = {(row[0], row[1], row[2]): _mask(row[3:]) for row in values["masks"]}
    return Snapshot(**fields, masks=masks)


def _field(name: str, value: Any) -> Any:
    if name in SIMPLE:
        return _simple(name, value)
    if name in ("paraphrases", "tags"):
        if not isinstance(value, list):
            raise TypeError(f"field {name!r} with {value!r}")
        return tuple(_simple("note", text) for text in value)
    if name == "review" and value in REVIEWS:
        return value
    read = {
        "objects": lambda rows: tuple(ObjectLabel(**row) for row in rows),
        "segments": lambda rows: tuple(Segment(**row) for row in rows),
        "prompts": lambda rows: tuple(_prompt(row) for row in rows),
        "prompt": _prompt,
        "mask": _mask,
    }
    if name not in read:
        raise ValueError(f"field {name!r} with {value!r}")
    return read[name](value)


def _simple(name: str, value: Any) -> Any:
    kinds = SIMPLE[name]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"field {name!r} with {value!r}")
    return value


def _prompt(row: Mapping[str, Any]) -> Prompt:
    values = tuple(float(value) for value in row["values"])
    return Prompt(**{**row, "values": values, "source": MaskSource(row["source"])})


def _mask_row(mask: MaskRecord) -> list[Any]:
    rle = mask.rle
    return [rle.height, rle.width, rle.counts, mask.source.value, mask.confidence, mask.locked]


def _mask(row: Any) -> MaskRecord:
    height, width, counts, source, confidence, locked = row
    if not (isinstance(height, int) and isinstance(width, int) and isinstance(counts, str)):
        raise TypeError(f"mask of size {height!r} × {width!r}")
    return MaskRecord(
        rle=Rle(height, width, counts),
        source=MaskSource(source),
        confidence=confidence,
        locked=bool(locked),
    )
