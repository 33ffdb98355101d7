"""What a data set's features are called and what is in them: ``features.json``, by which TensorFlow
Datasets decodes a record (https://www.tensorflow.org/datasets/external_tfrecord; the fields are
those of its ``feature.proto``)."""

from collections.abc import Sequence

from ....runtime.json_file import JsonObject
from ...steps import Decider
from ..episodes.plan import Size
from .numbers import ACTION, JOINTS, STATE
from .plan import RldsPlan

PLACE = "tensorflow_datasets.core.features."
WORDINGS = ("language_instruction", "language_instruction_2", "language_instruction_3")


def features_json(plan: RldsPlan) -> JsonObject:
    return _folder({"steps": _sequence(_folder(_step(plan))), "episode_metadata": _metadata(plan)})


def _step(plan: RldsPlan) -> JsonObject:
    """In the order of RLDS (https://github.com/google-research/rlds), then what it has no name
    for."""
    deciders = ", ".join(f"{each.value} {each.name.lower()}" for each in Decider)
    step: JsonObject = {
        "observation": _observation(plan),
        "action": _tensor(
            "float32", [len(ACTION)], f"{_listed(ACTION)}: from one applied target to the next."
        ),
        "discount": _scalar("float32", "1."),
        "reward": _scalar("float32", "1 at the end of an episode that was judged a success."),
        "is_first": _scalar("bool", "The first step."),
        "is_last": _scalar("bool", "The last step."),
        "is_terminal": _scalar("bool", "The last step: nothing counts after it."),
        **{name: _text("What is to be done; other words for it, or none.") for name in WORDINGS},
        "subtask": _text("The part of the task that is being done, or none."),
        "decided_by": _scalar("int64", f"Who decided: {deciders}."),
        "masks": _text(
            "Masks of the pictures, as a list in JSON with COCO's run lengths, or none."
        ),
    }
    if plan.sizes:
        words = f"Whether the picture is the one of the step before: {_listed(list(plan.sizes))}."
        step["stale"] = _tensor("bool", [len(plan.sizes)], words)
    return step


def _observation(plan: RldsPlan) -> JsonObject:
    pictures = {
        key: _image(plan.sizes[camera], f"The newest picture of the camera {camera}.")
        for camera, key in plan.image_keys.items()
    }
    words = f"{_listed(STATE)}: measured, in metres and radians, in the base frame."
    return _folder(
        {
            **pictures,
            "state": _tensor("float32", [len(STATE)], words),
            "joint_position": _tensor("float32", [JOINTS], "Measured joint angles in radians."),
        }
    )


def _metadata(plan: RldsPlan) -> JsonObject:
    operator = {"operator": _text("Who recorded it.")} if plan.options.operators else {}
    return _folder(
        {
            "file_path": _text("The take, from the data folder on."),
            "success": _text("yes, no, or nothing where nobody judged it."),
            "calibrations": _text("Where the calibrated cameras are, by camera, in JSON."),
            "paraphrases": _text("All other words for what is to be done, as a list in JSON."),
            **operator,
        }
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _folder(features: JsonObject) -> JsonObject:
    return _feature("features_dict.FeaturesDict", "featuresDict", {"features": features})


def _sequence(feature: JsonObject) -> JsonObject:
    return _feature("dataset_feature.Dataset", "sequence", {"feature": feature, "length": "-1"})


def _tensor(dtype: str, shape: Sequence[int], words: str) -> JsonObject:
    content: JsonObject = {"shape": _shape(shape), "dtype": dtype, "encoding": "none"}
    return _feature("tensor_feature.Tensor", "tensor", content, words)


def _scalar(dtype: str, words: str) -> JsonObject:
    content: JsonObject = {"shape": {}, "dtype": dtype, "encoding": "none"}
    return _feature("scalar.Scalar", "tensor", content, words)


def _image(size: Size, words: str) -> JsonObject:
    content: JsonObject = {"shape": _shape([*size, 3]), "dtype": "uint8", "encodingFormat": "jpeg"}
    return _feature("image_feature.Image", "image", content, words)


def _text(words: str) -> JsonObject:
    return _feature("text_feature.Text", "text", {}, words)


def _feature(kind: str, field: str, content: JsonObject, words: str = "") -> JsonObject:
    described = {"description": words} if words else {}
    return {"pythonClassName": f"{PLACE}{kind}", field: content, **described}


def _shape(sides: Sequence[int]) -> JsonObject:
    """Whole numbers of 64 bits are texts in the JSON of protobuf."""
    return {"dimensions": [str(side) for side in sides]}
