"""The tabletop suite with language, as pure data: no MuJoCo is needed to read or sample it.

One door to the vocabulary (``objects``), the language (``language``), scenes as data
(``scenes``) and their sampling (``sampling``).
"""

from .language import (
    BASE_VERBS,
    DIRECTION_Y,
    NOVEL_VERBS,
    VERBS,
    Direction,
    Task,
    Verb,
    phrasings,
)
from .objects import COLORS, NOVEL_PAIRS, NOVEL_SHAPES, SHAPES, Shape, is_base
from .sampling import sample_scene
from .scenes import BadScene, Look, ObjectSpec, SceneSpec, Split

__all__ = [
    "BASE_VERBS", "COLORS", "DIRECTION_Y", "NOVEL_PAIRS", "NOVEL_SHAPES", "NOVEL_VERBS",
    "SHAPES", "VERBS", "BadScene", "Direction", "Look", "ObjectSpec", "SceneSpec", "Shape",
    "Split", "Task", "Verb", "is_base", "phrasings", "sample_scene",
]  # fmt: skip
