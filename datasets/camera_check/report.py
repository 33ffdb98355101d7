"""What a take's pictures say of its cameras, in figures and in words."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.validation import StrictModel
from ..takes.reader import Take
from ..takes.take_folder import TAKES, take_folders
from ..takes.trash import in_bin
from .lag import Lag, lag, pooled
from .standing import Standing, standing


class CameraStanding(StrictModel):
    """Where the arm is seen by one camera, from where its calibration puts it."""

    camera: str
    right_px: float
    down_px: float
    moved: bool
    words: str


class CameraDelay(StrictModel):
    """How much later than the robot's state a camera's pictures arrive."""

    camera: str
    delay_ms: float
    uncertain_ms: float
    takes: int


def standings(take: Take) -> list[CameraStanding]:
    """Of the cameras of which it can be told. Raises WrongRecord."""
    found = [(name, standing(take, name)) for name in take.info.cameras]
    return [
        CameraStanding(
            camera=name,
            right_px=round(where.right_px, 1),
            down_px=round(where.down_px, 1),
            moved=where.moved,
            words=_in_words(name, where) if where.moved else "",
        )
        for name, where in found
        if where is not None
    ]


def delay(folders: Sequence[Path], camera: str) -> CameraDelay | None:
    """By the pictures of takes; None where none of them tells."""
    lags = [found for folder in folders if (found := _lag(folder, camera)) is not None]
    told = pooled(lags)
    if told is None:
        return None
    return CameraDelay(
        camera=camera,
        delay_ms=round(1e3 * told.seconds, 1),
        uncertain_ms=round(1e3 * told.uncertain_s, 1),
        takes=len(lags),
    )


def newest_takes(data: Path, most: int, camera: str = "") -> list[Path]:
    """The folders of the newest takes that were recorded here, of those that are whole and not in
    the bin; with a camera, of those that have it."""
    found = (
        folder
        for folder in reversed(take_folders(data / TAKES))
        if not in_bin(folder) and _recorded_here(folder, camera)
    )
    return list(islice(found, most))


def _recorded_here(folder: Path, camera: str) -> bool:
    try:
        with Take.open(folder) as take:
            own = take.info.source is None and take.info.kind == "demonstration"
            return own and camera in ("", *take.info.cameras)
    except TeachloopError:
        return False


def cameras_of(folders: Sequence[Path]) -> list[str]:
    """Names of the cameras of takes; of those that can be read."""
    names: dict[str, None] = {}
    for folder in folders:
        with suppress(TeachloopError), Take.open(folder) as take:
            names |= dict.fromkeys(take.info.cameras)
    return list(names)


def _lag(folder: Path, camera: str) -> Lag | None:
    """None of a take that cannot be read, too: the others tell."""
    with suppress(TeachloopError), Take.open(folder) as take:
        return lag(take, camera) if camera in take.frames else None
    return None


def _in_words(camera: str, where: Standing) -> str:
    return (
        f"{camera} seems to have been moved: it shows the arm {_apart(where)}. Calibrate it on "
        "Set-up, or put it back."
    )


def _apart(where: Standing) -> str:
    """How far from its place, without what hardly counts."""
    parts = (
        (where.right_px, "too far right" if where.right_px > 0 else "too far left"),
        (where.down_px, "too low" if where.down_px > 0 else "too high"),
    )
    least = max(abs(pixels) for pixels, _ in parts) / 4
    return " and ".join(f"{abs(px):.0f} px {side}" for px, side in parts if abs(px) > least)
