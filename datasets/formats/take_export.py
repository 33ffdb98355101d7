"""Writing takes in a format of others, whichever was asked for. Imports nothing heavy."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from .episodes.exported import ExportedTakes, Tell
from .format_names import TakeFormat
from .lerobot.options import LeRobotOptions
from .mcap.options import McapOptions
from .rlds.options import RldsOptions
from .robomimic.options import RobomimicOptions

TakeOptions: TypeAlias = LeRobotOptions | RobomimicOptions | RldsOptions | McapOptions
OPTIONS: dict[TakeFormat, type[TakeOptions]] = {
    "lerobot": LeRobotOptions,
    "robomimic": RobomimicOptions,
    "rlds": RldsOptions,
    "mcap": McapOptions,
}


def require_exportable(data: Path, take_ids: Sequence[str], options: TakeOptions) -> None:
    """Raises CannotExport, NoFaceFinder, TakeRefused of one in the bin, and what opening a take
    raises."""
    if isinstance(options, LeRobotOptions):
        from .lerobot.libraries import require_libraries
        from .lerobot.plan import plan_of as lerobot_plan_of

        require_libraries()
        lerobot_plan_of(data, take_ids, options)
        return
    if isinstance(options, McapOptions):
        from .mcap.plan import require_cameras

        require_cameras(data, take_ids, options)
        return
    from .episodes.plan import plan_of

    plan_of(data, take_ids, options)


def require_fit(data: Path, like: str, take_id: str, options: TakeOptions) -> None:
    """Whether a take can be exported in one data set with another. Raises CannotExport,
    MissingLibraries, NoFaceFinder, TakeRefused, and what opening a take raises."""
    if isinstance(options, RobomimicOptions):
        from .robomimic.piece import require_fit as fits_robomimic

        return fits_robomimic(data, like, take_id, options)
    if isinstance(options, RldsOptions):
        from .rlds.piece import require_fit as fits_rlds

        return fits_rlds(data, like, take_id, options)
    if isinstance(options, McapOptions):
        from .mcap.piece import require_fit as fits_mcap

        return fits_mcap(data, like, take_id, options)
    from .lerobot.libraries import require_libraries

    require_libraries()
    from .lerobot.piece import require_fit as fits_lerobot

    return fits_lerobot(data, like, take_id, options)


def export_takes(
    data: Path, take_ids: Sequence[str], options: TakeOptions, folder: Path, tell: Tell
) -> ExportedTakes:
    """In the format that the options are of, see ``export_episodes``. Raises MissingLibraries."""
    if isinstance(options, RobomimicOptions):
        from .robomimic.export import export_takes as export_for_robomimic

        return export_for_robomimic(data, take_ids, options, folder, tell)
    if isinstance(options, RldsOptions):
        from .rlds.export import export_takes as export_as_rlds

        return export_as_rlds(data, take_ids, options, folder, tell)
    if isinstance(options, McapOptions):
        from .mcap.export import export_takes as export_as_mcap

        return export_as_mcap(data, take_ids, options, folder, tell)
    from .lerobot.libraries import require_libraries

    require_libraries()
    from .lerobot.export import export_takes as export_for_lerobot

    return export_for_lerobot(data, take_ids, options, folder, tell)
