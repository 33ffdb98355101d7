"""Labels as a page sees them: all of them, or only what a change made different."""

from typing import Any

from ...datasets.labels.edits import MaskKey, Prompt, Snapshot
from ...datasets.labels.masks import MaskRecord

Patch = dict[str, Any]


def patch(before: Snapshot, after: Snapshot, recorded: str) -> Patch:
    """What a page that shows ``before`` needs to show ``after``; masks as run lengths.

    ``recorded``: the instruction of the take, where nobody wrote another one.
    """
    changed = {
        place: record
        for place, record in after.masks.items()
        if before.masks.get(place) is not record
    }
    removed = [place for place in before.masks if place not in after.masks]
    return {
        "revision": after.revision,
        "instruction": recorded if after.instruction is None else after.instruction,
        "paraphrases": list(after.paraphrases),
        "objects": [{"name": each.name, "target": each.target} for each in after.objects],
        "prompts": [_prompt(each) for each in after.prompts],
        "success": after.success,
        "review": after.review,
        "masks": [_mask(place, record) for place, record in changed.items()],
        "removed": [list(place) for place in removed],
    }


def whole(snapshot: Snapshot, recorded: str) -> Patch:
    """Everything, for a page that shows nothing yet."""
    return patch(Snapshot(), snapshot, recorded)


def _mask(place: MaskKey, record: MaskRecord) -> dict[str, Any]:
    camera, frame, name = place
    rle = record.rle
    return {
        "camera": camera,
        "frame": frame,
        "object": name,
        "rle": {"height": rle.height, "width": rle.width, "counts": rle.counts},
        "source": record.source.value,
        "confidence": round(record.confidence, 3),
        "locked": record.locked,
    }


def _prompt(prompt: Prompt) -> dict[str, Any]:
    return {
        "camera": prompt.camera,
        "frame": prompt.frame,
        "object": prompt.object,
        "kind": prompt.kind,
        "values": list(prompt.values),
        "positive": prompt.positive,
    }
