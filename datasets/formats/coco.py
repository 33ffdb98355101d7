"""COCO's instances: one JSON file, pictures beside it (https://cocodataset.org/#format-data)."""

import json
from pathlib import Path
from typing import Any

from pycocotools import mask as coco
from pydantic import JsonValue

from ...runtime.json_file import JsonObject
from ..labels.masks import MaskRecord, area
from .labelled_frames import LabelledFrame, origin, write_file

ANNOTATIONS = Path("annotations", "instances.json")
IMAGES = "images"


class CocoWriter:
    """Writes ``annotations/instances.json`` and ``images/``.

    Masks are compressed run lengths, exactly the take's. An object that is said not to be seen has
    no annotation: the picture's ``neg_category_ids`` name it, as in LVIS, and ``absent`` says who
    said so. A category's ``synonyms`` are as in LVIS, its name the first, of all takes together.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._images: list[JsonObject] = []
        self._annotations: list[JsonObject] = []
        self._categories: dict[str, int] = {}
        self._synonyms: dict[str, dict[str, None]] = {}

    def add(self, frame: LabelledFrame) -> bool:
        path = frame.below(IMAGES, ".jpg")
        write_file(self._folder / path, frame.jpeg)
        for name, others in frame.synonyms.items():
            self._synonyms.setdefault(name, {}).update(dict.fromkeys(others))
        absent = [(self._category(name), record) for name, record in frame.absent.items()]
        self._images.append(
            {
                "id": len(self._images) + 1,
                "file_name": path.relative_to(IMAGES).as_posix(),
                "height": frame.height,
                "width": frame.width,
                "neg_category_ids": [category for category, _ in absent],
                "take": frame.take,
                "camera": frame.camera,
                "frame": frame.index,
                "instruction": frame.instruction,
                "absent": [{"category_id": known, **origin(record)} for known, record in absent],
            }
        )
        for name, record in frame.masks.items():
            self._annotate(self._category(name), record)
        return True

    def finish(self) -> None:
        path = self._folder / ANNOTATIONS
        content = {
            "info": {"description": "Masks of robot demonstrations, by teachloop"},
            "licenses": [],
            "images": self._images,
            "annotations": self._annotations,
            "categories": [self._described(name) for name in self._categories],
        }
        write_file(path, json.dumps(content, ensure_ascii=False).encode())

    def _described(self, name: str) -> JsonObject:
        called: list[JsonValue] = [name, *self._synonyms.get(name, ())]
        return {"id": self._categories[name], "name": name, "synonyms": called}

    def _category(self, name: str) -> int:
        return self._categories.setdefault(name, len(self._categories) + 1)

    def _annotate(self, category: int, record: MaskRecord) -> None:
        """One mask of the picture that was added last."""
        rle: Any = record.rle.to_coco()
        self._annotations.append(
            {
                "id": len(self._annotations) + 1,
                "image_id": len(self._images),
                "category_id": category,
                "segmentation": rle,
                "area": area(record.rle),
                "bbox": coco.toBbox(rle).tolist(),
                "iscrowd": 0,
                "attributes": origin(record),
            }
        )
