"""A demo whose numbers were read, and whose pictures were not."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import h5py
import numpy as np
from numpy.typing import NDArray

from ....runtime.text import one_line
from ...embodiment import FRANKA
from ...labels.edit import Edit
from ...takes.jpeg import encode_jpeg
from ...tasks import LONGEST
from ..imported.episode import Description, EpisodeRefused, Motion, Picture
from ..imported.masks import MaskRow, calibrated, mask_edits, rows_of
from ..imported.stored import (
    Size,
    group_at,
    has,
    json_bytes,
    json_of,
    number,
    numbers,
    pictures,
    text,
    texts_of,
    whole,
)
from ..imported.subtasks import Ints, segments_of
from ..robomimic.piece import CALIBRATIONS, MASKS
from .about import USUAL_HZ, About
from .cameras import camera_name, cameras_of, depths_in, sizes_of
from .others import UNSAID, moved, was_rewarded, why_pictures_alone
from .own import LEFT_OUT, LEFT_OUT_BEFORE, own_motion
from .robosuite import Standing

STALE, SUBTASK = "stale", "subtask"
BESIDE = (MASKS, CALIBRATIONS)
SAID = ("instruction", "paraphrases", "subtasks", "operator", "ep_meta", "camera_info")
REWARDED = "A demo counts as a success where one of its rewards is 1; no other was judged."
UNUSED = (
    "Left out: what the simulation tells of itself and of objects, rewards, and next_obs, which is "
    "what the next step observed."
)
NONE = "The demo has no pictures; robomimic's dataset_states_to_obs makes them of its states."
Opened = Callable[[], AbstractContextManager[h5py.Group]]


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What is known of the robot."""

    motion: Motion | None
    stands: Standing | None
    said: Sequence[str]


class DemoEpisode:
    """``opened`` opens the demo once more."""

    def __init__(self, opened: Opened, demo: h5py.Group, steps: int, about: About) -> None:
        self._opened, self._about, self.steps = opened, about, steps
        self._sizes = sizes_of(group_at(demo, "obs"), steps)
        if not self._sizes:
            raise EpisodeRefused(NONE)
        self._known = _known(demo, steps, about)
        self.motion = self._known.motion
        self._stale = _stale(demo, steps, about)
        self._subtask = _subtask(demo, steps) if about.is_own else np.zeros(0, np.int64)
        self._masks = rows_of(json_bytes(demo, MASKS)) if about.is_own else []
        self._subtasks = texts_of(demo, "subtasks") if about.is_own else []
        self.description = self._describe(demo)

    def _describe(self, demo: h5py.Group) -> Description:
        about = self._about
        robot = about.embodiment if about.is_own else FRANKA
        cameras = cameras_of(demo, self._sizes, self._known.stands)
        if about.is_own:
            cameras |= calibrated(json_bytes(demo, CALIBRATIONS), self._named)
        guessed = [name for name, each in cameras.items() if not each.calibrated]
        return Description(
            rate_hz=about.rate_hz,
            kind="pictures" if self.motion is None else "demonstration",
            task=about.task,
            wordings=_wordings(demo, about),
            operator=one_line(text(demo, "operator"))[:LONGEST] if about.is_own else "",
            robot=about.robot,
            arm=robot.arm,
            tool=robot.tool,
            gripper=robot.gripper if self.motion else None,
            cameras=cameras,
            success=_success(demo, self.steps, about) if self.motion else None,
            assumed=[*self._known.said, *([] if about.is_own else _assumed(demo, about, guessed))],
        )

    def pictures(self) -> Iterator[Picture]:
        """But for those that were shown again. Raises EpisodeRefused."""
        with self._opened() as demo:
            for name in self._sizes:
                camera = camera_name(name)
                again = self._stale.get(camera, np.zeros(self.steps, np.bool_))
                for step, pixels in enumerate(pictures(demo, f"obs/{name}")):
                    if not again[step]:
                        yield Picture(camera, step, encode_jpeg(pixels))

    @property
    def _named(self) -> dict[str, Size]:
        """By the names of cameras."""
        return {camera_name(name): size for name, size in self._sizes.items()}

    def edits(self, times_ns: Ints) -> list[Edit]:
        """Its sub-tasks, where they are named, and the masks of pictures that are not shown
        again. Raises EpisodeRefused."""
        segments: list[Edit] = []
        if self._subtasks:
            rate_hz = self._about.rate_hz
            segments = segments_of(self._subtask, self._subtasks, times_ns, rate_hz)
        rows = [each for each in map(self._at_its_frame, self._masks) if each is not None]
        return [*segments, *mask_edits(rows, self._named, self.steps)]

    def _at_its_frame(self, row: MaskRow) -> MaskRow | None:
        """A take has no frame for a picture that was shown again."""
        again = self._stale.get(row.camera, np.zeros(self.steps, np.bool_))
        if row.frame_index >= self.steps or not again[row.frame_index]:
            before = int(again[: row.frame_index].sum())
            return row.model_copy(update={"frame_index": row.frame_index - before})
        return None


def _known(demo: h5py.Group, steps: int, about: About) -> _Known:
    """Raises EpisodeRefused, LookupError, ValueError."""
    if about.is_own:
        before = [] if has(demo, CALIBRATIONS) else [LEFT_OUT_BEFORE]
        return _Known(own_motion(demo, steps, about), None, [LEFT_OUT, *before])
    if reason := why_pictures_alone(demo, steps, about):
        return _Known(None, None, [f"{reason}: the pictures alone were imported."])
    found = moved(demo, steps, about)
    return _Known(found.motion, found.stands, [_agree(found.stands), *found.said, UNSAID])


def _agree(stands: Standing) -> str:
    place = ", ".join(f"{metres:.3f}" for metres in stands.base[:3, 3])
    return (
        "Poses were computed from the joint angles, for a Franka Hand. Those of the demo lie "
        f"within {1000 * stands.misses_m:.1f} mm and {np.degrees(stands.misses_rad):.1f}° of them, "
        f"with the base at {place} m in robosuite's world."
    )


def _assumed(demo: h5py.Group, about: About, guessed: Sequence[str]) -> Iterator[str]:
    yield UNUSED
    yield REWARDED
    if not about.tells_rate:
        yield f"Its rate is not told; the steps are taken as {1 / USUAL_HZ:.2f} s apart."
    if guessed:
        yield f"The file does not tell where {', '.join(guessed)[:300]} stood: not calibrated."
    if depths := depths_in(group_at(demo, "obs")):
        yield f"Left out, as of no known unit: {', '.join(depths)[:300]}."


def _wordings(demo: h5py.Group, about: About) -> tuple[str, ...]:
    """The instruction, and other words for it. Raises ValueError."""
    if about.is_own:
        said = [text(demo, "instruction"), *texts_of(demo, "paraphrases")]
    else:
        told = json_of(demo, "ep_meta")
        said = [told.get("lang") if isinstance(told, dict) else "", about.environment.lang]
    lines = [one_line(whole(each)) for each in said if isinstance(each, str)]
    return tuple(dict.fromkeys(line for line in lines if 0 < len(line) <= LONGEST))


def _success(demo: h5py.Group, steps: int, about: About) -> bool | None:
    """Raises LookupError, ValueError."""
    if not about.is_own:
        return was_rewarded(demo, steps, about)
    told = number(demo, "success")
    return None if told is None else bool(told)


def _subtask(demo: h5py.Group, steps: int) -> Ints:
    return numbers(demo, SUBTASK, steps, 1)[:, 0].astype(np.int64)


def _stale(demo: h5py.Group, steps: int, about: About) -> dict[str, NDArray[np.bool_]]:
    """By camera, at which steps (T,) its picture is the one of the step before."""
    if not about.is_own or not about.cameras:
        return {}
    told = numbers(demo, STALE, steps, len(about.cameras)) != 0
    told[0] = False  # there is none before
    return dict(zip(about.cameras, told.T, strict=True))
