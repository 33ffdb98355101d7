"""What the values of a take's description may be, whoever wrote the file."""

import json
from collections.abc import Mapping
from math import isfinite
from numbers import Integral, Real
from typing import Any

TEXTS = ("take_id", "created", "task", "instruction", "operator", "robot", "scene")
TEXTS += ("interrupted", "damaged")
MEASURES = ("joint_torques_nm", "external_torques_nm", "external_wrench", "control_success_rate")
MEASURES += ("errors",)
TABLES = ("cameras", "limits", "versions", "health")


def require_description(values: Mapping[str, Any]) -> None:
    """Raise TypeError or ValueError on the first value that no take has."""
    for name, value in values.items():
        if name in TEXTS:
            require_text(name, value)
        if name in TABLES and not isinstance(value, dict):
            raise TypeError(f"{name} is {value!r:.60}, not a table")
    _require_numbers(values)
    _require_measures(values.get("robot_measures", []))
    _require_scene(values.get("scene", ""))
    for name, camera in values["cameras"].items():
        _require_camera(name, camera)


def require_text(name: str, value: object) -> None:
    """Raise TypeError or ValueError unless it is a text that can be stored as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r:.60}, not a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} is {value!a:.60}, half a character") from None


def is_number(value: object) -> bool:
    """Whether it is a finite number; to Python, a bool is an int."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def is_count(value: object) -> bool:
    """Whether it is an int that is not negative."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0


def _require_numbers(values: Mapping[str, Any]) -> None:
    rate, duration = values.get("rate_hz", 1.0), values.get("duration_s", 0.0)
    if not is_number(rate) or not 0 < rate <= 1e4:
        raise ValueError(f"rate_hz is {rate!r:.60}, not a rate above 0")
    if not is_number(duration) or duration < 0:
        raise ValueError(f"duration_s is {duration!r:.60}, not a duration")
    if not is_count(values["created_time_ns"]) or values["created_time_ns"] >= 1 << 63:
        raise ValueError(f"created_time_ns is {values['created_time_ns']!r:.60}, not a time in ns")


def _require_measures(names: Any) -> None:
    if not isinstance(names, list) or not all(name in MEASURES for name in names):
        raise ValueError(f"robot_measures is {names!r:.60}, not some of {', '.join(MEASURES)}")


def _require_scene(text: str) -> None:
    """Nothing on a real robot, or one JSON object."""
    try:
        scene = json.loads(text or "{}")
    except (ValueError, RecursionError):
        scene = None
    if not isinstance(scene, dict):
        raise ValueError(f"scene is {text!r:.60}, not the JSON of a scene")


def _require_camera(name: str, camera: Any) -> None:
    require_text("a camera's name", name)
    if "/" in name:
        raise ValueError(f"a camera's name is {name!r:.60}, which is a path")
    if not isinstance(camera, dict):
        raise TypeError(f"camera {name!r} is {camera!r:.60}, not a table")
    sides = (camera["width"], camera["height"])
    if not all(is_count(side) and side > 0 for side in sides):
        raise ValueError(f"camera {name!r} has a picture of {sides[0]!r:.20} × {sides[1]!r:.20}")
    if not isinstance(camera.get("measures_depth", False), bool):
        raise TypeError(f"camera {name!r}: measures_depth is {camera['measures_depth']!r:.20}")
