"""Edits and snapshots as plain JSON values, and back, trusting nothing."""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import JsonValue, TypeAdapter, ValidationError

from ...runtime.json_file import JsonObject
from ...runtime.validation import explain, shown, sort_of
from .edits import EDITS, Edit, SetMask
from .masks import to_row
from .snapshot import Snapshot

_EDITS: Mapping[str, TypeAdapter[Edit]] = {kind: TypeAdapter(edit) for kind, edit in EDITS.items()}
_SNAPSHOT = TypeAdapter(Snapshot)


def edit_to_json(edit: Edit) -> JsonObject:
    """An edit as JSON values, its kind first."""
    values: JsonObject = asdict(edit)
    if isinstance(edit, SetMask):
        values["mask"] = list(to_row(edit.mask))
    return {"kind": edit.kind, **values}


def edit_from_json(values: JsonValue) -> Edit:
    """The edit that these values describe. Raises ValueError, WrongLabel on others."""
    if not isinstance(values, dict):
        raise ValueError(f"an edit is a map, not {sort_of(values)}")
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in _EDITS:
        raise ValueError(f"no edit of kind {shown(kind)}")
    fields = {name: value for name, value in values.items() if name != "kind"}
    try:
        return _EDITS[kind].validate_python(fields)
    except ValidationError as error:
        raise ValueError(explain(error.errors())) from error


def snapshot_to_json(snapshot: Snapshot) -> JsonObject:
    """A snapshot as JSON values; masks as rows, since there may be thousands."""
    values: JsonObject = {
        name: getattr(snapshot, name) for name in Snapshot.__dataclass_fields__ if name != "masks"
    }
    for name in ("objects", "segments", "prompts", "comments"):
        values[name] = [asdict(item) for item in getattr(snapshot, name)]
    values["trim"] = asdict(snapshot.trim) if snapshot.trim else None
    masks: list[JsonValue] = [[*place, *to_row(mask)] for place, mask in snapshot.masks.items()]
    return {**values, "masks": masks}


def snapshot_from_json(values: JsonValue) -> Snapshot:
    """The snapshot that these values describe. Raises ValueError, WrongLabel on others."""
    return _SNAPSHOT.validate_python(values)
