"""What all episodes of a data set have in common; takes that do not fit together are refused.
Imports nothing heavy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....geometry.arms import ArmName
from ....geometry.camera import Camera, Mount
from ....runtime.json_file import JsonObject
from ...embodiment import Embodiment
from ...errors import TakeRefused
from ...takes.format import TakeInfo
from ...takes.reader import Take
from ...takes.take_folder import find_take
from ...takes.trash import in_bin
from ..face_finder import require_face_finder
from .errors import (
    MixedCameras,
    MixedRates,
    MixedRobots,
    MixedSizes,
    NoTakes,
    NothingRecorded,
)
from .options import EpisodeOptions

Size = tuple[int, int]  # height, width


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What all episodes have in common."""

    options: EpisodeOptions
    rate_hz: float
    sizes: Mapping[str, Size]  # by camera, in the order of their names in the data set
    mounts: Mapping[str, Mount]  # by camera, in this order, too; those of the first take
    embodiment: Embodiment

    @property
    def arm(self) -> ArmName:
        return self.embodiment.arm

    @property
    def has_gripper(self) -> bool:
        return self.embodiment.gripper is not None

    def to_json(self) -> JsonObject:
        """All that what is written of a take depends on."""
        return {
            "options": self.options.model_dump(mode="json"),
            "rate_hz": self.rate_hz,
            "sizes": [[name, *size] for name, size in self.sizes.items()],
        }


def plan_of(data: Path, take_ids: Sequence[str], options: EpisodeOptions) -> Plan:
    """Raises CannotExport, NoFaceFinder, TakeRefused of one in the bin, and what opening a take
    raises."""
    if not take_ids:
        raise NoTakes
    if options.hide_faces:
        require_face_finder()
    infos = {take_id: info_of(find_take(data, take_id)) for take_id in take_ids}
    first = infos[take_ids[0]]
    cameras = _cameras(first, take_ids[0], options)
    for take_id, info in infos.items():
        _require_alike(take_id, info, take_ids[0], first)
        _require_cameras(take_id, info, cameras, options)
    return Plan(
        options=options,
        rate_hz=options.rate_hz or _common_rate(infos),
        sizes={name: options.size or _recorded(camera) for name, camera in cameras.items()},
        mounts={name: camera.mount for name, camera in cameras.items()},
        embodiment=first.embodiment,
    )


def info_of(folder: Path) -> TakeInfo:
    """Of a take's folder. Raises NothingRecorded, TakeRefused of one in the bin, and what opening a
    take raises."""
    if in_bin(folder):
        raise TakeRefused(folder.name, "it is in the bin", "Take it back, or leave it out.")
    with Take.open(folder) as take:
        if take.info.kind == "pictures":
            raise NothingRecorded(folder.name)
        return take.info


def _require_alike(take_id: str, info: TakeInfo, first_id: str, first: TakeInfo) -> None:
    """Raises MixedRobots."""
    unlike = info.embodiment.unlike(first.embodiment)
    if info.arm != first.arm:
        unlike = f"with the arm {info.arm}, and there it is {first.arm}"
    if unlike:
        raise MixedRobots(take_id, first_id, unlike)


def _common_rate(infos: Mapping[str, TakeInfo]) -> float:
    """Raises MixedRates."""
    (first_id, first), *others = infos.items()
    for take_id, info in others:
        if info.rate_hz != first.rate_hz:
            raise MixedRates(take_id, info.rate_hz, first_id, first.rate_hz)
    return first.rate_hz


def _cameras(first: TakeInfo, take_id: str, options: EpisodeOptions) -> dict[str, Camera]:
    """Raises MixedCameras."""
    require_present(take_id, first, options.cameras)
    return {name: first.cameras[name] for name in options.cameras or first.cameras}


def _require_cameras(
    take_id: str, info: TakeInfo, cameras: Mapping[str, Camera], options: EpisodeOptions
) -> None:
    """Raises MixedCameras, MixedSizes."""
    require_present(take_id, info, list(cameras))
    if more := [name for name in info.cameras if name not in cameras and not options.cameras]:
        raise MixedCameras(take_id, f"has also the camera {', '.join(more)}")
    for name, camera in cameras.items():
        found, wanted = _recorded(info.cameras[name]), _recorded(camera)
        if found != wanted and not options.size:
            raise MixedSizes(take_id, name, in_words(found), in_words(wanted))


def require_present(take_id: str, info: TakeInfo, names: Sequence[str]) -> None:
    """Raises MixedCameras."""
    if missing := [name for name in names if name not in info.cameras]:
        has = ", ".join(info.cameras) or "none"
        raise MixedCameras(take_id, f"has no camera {', '.join(missing)} (it has: {has})")


def _recorded(camera: Camera) -> Size:
    return camera.height, camera.width


def in_words(size: Size) -> str:
    """Width before height, as people say it."""
    return f"{size[1]} × {size[0]}"
