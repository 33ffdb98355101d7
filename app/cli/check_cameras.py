"""`teachloop check-cameras`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from .command import default_data

NEWEST = 5


@dataclass(frozen=True)
class CheckCameras:
    """Say whether cameras stand where they were calibrated, and how late their pictures come, as
    the pictures of takes show it; exit code 1 when one was moved."""

    takes: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Ids of the takes; the newest five when left out. The more the arm moves, the surer."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NoDataFolder, NoSuchTake, BadName."""
        from .chosen_takes import chosen_takes

        folders = chosen_takes(self.data, self.takes, 0, _newest)
        if not folders:
            print("There are no takes.")
        moved = [_standings(folder) for folder in folders]
        _say_delays(folders)
        return 1 if any(moved) else 0


def _newest(data: Path, _older_than_days: int) -> Sequence[Path]:
    from ...datasets.camera_check.report import newest_takes

    return newest_takes(data, NEWEST)


def _standings(folder: Path) -> bool:
    """Whether a camera was moved before a take; which cameras it tells of is said, and why one
    tells of none."""
    from ...datasets.camera_check.report import standings
    from ...datasets.takes.reader import Take
    from ...runtime.errors import TeachloopError

    try:
        with Take.open(folder) as take:
            found = standings(take)
    except TeachloopError as error:
        print(f"{folder.name}: {error}")
        return False
    for each in found:
        print(f"{folder.name}: {each.words or f'{each.camera} stands where it was calibrated.'}")
    if not found:
        print(f"{folder.name}: of no camera can it be told.")
    return any(each.moved for each in found)


def _say_delays(folders: Sequence[Path]) -> None:
    from ...datasets.camera_check.report import cameras_of, delay
    from ...runtime.text import counted

    for camera in cameras_of(folders):
        told = delay(folders, camera)
        if told is None:
            print(f"{camera}: no take shows the arm moving clearly enough to tell its delay.")
        else:
            print(
                f"{camera}: its pictures come {told.delay_ms:.0f} ms after the robot's state, "
                f"± {told.uncertain_ms:.0f} ms, by {counted(told.takes, 'take')}."
            )
