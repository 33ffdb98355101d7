"""One episode of a LeRobotDataset."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ....geometry.camera import Camera
from ...embodiment import FRANKA
from ...labels.edit import Edit
from ...takes.jpeg import encode_jpeg
from ..imported.episode import Description, EpisodeRefused, Picture
from ..imported.guessed import uncalibrated
from ..imported.masks import calibrated, mask_edits
from ..imported.subtasks import segments_of
from .columns import numbers, read_table
from .dataset import PICTURES, Clip, Dataset, Listed, instructions_in
from .layout import VAGUE, Layout, layout_of, motion_of
from .masks import mask_rows
from .options import LeRobotReading
from .pictures import Size, size_of, stored_frames, video_frames

SUBTASK = "subtask_index"
REST = (
    "The format holds no speeds of the joints, no depth that is known in metres, and not where "
    "cameras stood: they are absent, and cameras count as not calibrated."
)
REST_OF_OWN = (
    "The format holds no speeds of the joints, and no depth that is known in metres: they are "
    "absent."
)
OTHERS = (
    "Poses were computed from the joint angles, for a Franka Hand. Each step's target is the pose "
    "that the next step reached: what an action of the data set is, it does not tell. They count "
    "as decided by an operator."
)
BLOCK = 1 << 20


class StoredEpisode:
    """An episode where it lies."""

    def __init__(self, dataset: Dataset, listed: Listed, told: LeRobotReading) -> None:
        self._dataset, self._listed, self._told = dataset, listed, told
        self.place = f"episode {listed.index} of {dataset.root.name}"

    def sha256(self) -> str:
        """Of its rows, of what is listed of it, and of how it is to be read. Its videos are told by
        their sizes: several episodes share one."""
        listed = self._listed
        whole = sha256(self._told.model_dump_json().encode())
        whole.update(repr((self._dataset.info.fps, listed.length, listed.tasks)).encode())
        for key, clip in sorted(listed.clips.items()):
            size = clip.path.stat().st_size if clip.path.is_file() else 0
            whole.update(repr((key, round(clip.begins_s, 6), size)).encode())
        columns = [name for name in self._dataset.info.features if self._has_numbers(name)]
        table = read_table(listed, columns)
        for name in columns:
            if name not in ("index", "episode_index"):
                whole.update(repr((name, table.column(name).to_pylist())).encode())
        if self._dataset.is_own and "calibrations" in listed.said:
            beside = mask_rows(self._dataset.root, listed.index), listed.said["calibrations"]
            whole.update(repr(beside).encode())
        return whole.hexdigest()

    def _has_numbers(self, name: str) -> bool:
        kind = self._dataset.info.features[name].dtype
        return kind.startswith(("float", "int", "bool"))

    def read(self) -> "LeRobotEpisode":
        """Raises EpisodeRefused, OSError."""
        return LeRobotEpisode(self._dataset, self._listed, layout_of(self._dataset, self._told))


class LeRobotEpisode:
    """Its numbers were read, its pictures were not."""

    def __init__(self, dataset: Dataset, listed: Listed, layout: Layout | str) -> None:
        self._dataset, self._listed = dataset, listed
        self._layout = layout if isinstance(layout, Layout) else None
        self._sizes = {key: size_of(key, each) for key, each in dataset.cameras.items()}
        self.steps = listed.length
        self._table = read_table(listed, self._columns())
        self.motion = motion_of(self._table, self._layout) if self._layout else None
        self.description = self._describe("" if isinstance(layout, Layout) else layout)
        if self.motion is None and not self._sizes:
            raise EpisodeRefused(f"It has no pictures, and nothing else is known. {layout}")

    @property
    def _own(self) -> bool:
        return self._layout is not None and self._layout.actions != ""

    def _columns(self) -> list[str]:
        robot = self._layout.columns if self._layout else []
        subtask = [SUBTASK] if SUBTASK in self._dataset.info.features else []
        return [*dict.fromkeys([*robot, *subtask])]

    def _describe(self, why_pictures_alone: str) -> Description:
        said, info = self._listed.said, self._dataset.info
        embodiment = self._layout.embodiment if self._layout else FRANKA
        others = instructions_in(said.get("paraphrases"))
        wordings = (*self._listed.tasks[:1], *others) if self._own else self._listed.tasks[:1]
        success, operator = said.get("success"), said.get("operator")
        return Description(
            rate_hz=info.fps,
            kind="pictures" if self._layout is None else "demonstration",
            task=self._dataset.root.name,
            wordings=tuple(dict.fromkeys(wordings)),
            operator=operator if self._own and isinstance(operator, str) else "",
            robot=info.robot_type or "",
            arm=embodiment.arm,
            tool=embodiment.tool,
            gripper=embodiment.gripper if self._layout else None,
            cameras=self._cameras(),
            success=success if self._own and isinstance(success, bool) else None,
            assumed=[*self._assumed(), *([why_pictures_alone] if why_pictures_alone else [])],
        )

    def _cameras(self) -> Mapping[str, Camera]:
        named = self._named()
        guessed = {name: uncalibrated(name, size) for name, size in named.items()}
        text = self._listed.said.get("calibrations") if self._own else None
        return {**guessed, **calibrated(text if isinstance(text, str) else "", named)}

    def _assumed(self) -> Iterator[str]:
        yield REST_OF_OWN if self._own and "calibrations" in self._listed.said else REST
        if self.motion is not None and not self._own:
            yield OTHERS
            if self._dataset.info.robot_type == VAGUE:
                yield f"Of its arm the data set says {VAGUE!r} alone; it is taken as a Panda."
        if len(self._listed.tasks) > 1:
            yield "Several tasks are named for it; the first is the instruction."
        if self._dataset.depths:
            yield f"Left out, as of no known unit: {', '.join(self._dataset.depths)[:300]}."

    def _named(self) -> Mapping[str, Size]:
        return {_name(key): size for key, size in self._sizes.items()}

    def pictures(self) -> Iterator[Picture]:
        """Raises EpisodeRefused."""
        for key, size in self._sizes.items():
            for step, pixels in enumerate(self._frames(key, size)):
                yield Picture(_name(key), step, encode_jpeg(pixels))

    def _frames(self, key: str, size: Size) -> Iterator[NDArray[np.uint8]]:
        clip: Clip | None = self._listed.clips.get(key)
        if clip is not None:
            return video_frames(clip, self.steps, self._dataset.info.fps, size)
        return stored_frames(self._stored(key), size)

    def _stored(self, key: str) -> pa.ChunkedArray:
        return read_table(self._listed, [key]).column(key)

    def edits(self, times_ns: NDArray[np.int64]) -> list[Edit]:
        """Its sub-tasks where they are named, and its masks where they go along."""
        rows = mask_rows(self._dataset.root, self._listed.index) if self._own else []
        return [*self._segments(times_ns), *mask_edits(rows, self._named(), self.steps)]

    def _segments(self, times_ns: NDArray[np.int64]) -> list[Edit]:
        names = self._dataset.subtasks() if SUBTASK in self._table.column_names else []
        if not names:
            return []
        index = numbers(self._table, SUBTASK)[:, 0].astype(np.int64)
        return segments_of(index, names, times_ns, self._dataset.info.fps)


def _name(key: str) -> str:
    return key.removeprefix(PICTURES)
