"""Writing takes as robomimic's HDF5 file: a folder with ``dataset.hdf5`` in it, so that, as in
every format, what an export has made so far lies in a folder that gets its name when it is whole.

``data/demo_N`` is a take, T ticks. ``actions`` (T, 7) are deltas from one applied target to the
next, the first from the measured pose, and the gripper, all within [-1, 1]; times ``data``'s
attribute ``action_scale`` they are metres, radians, and the gripper from -1, open, to 1, closed.
``action_dict`` has them unscaled, and the targets themselves.

``obs`` is what had come at a tick, before its action; ``next_obs`` is ``obs`` of the next tick.
After the last action nothing counts any more, so its ``next_obs`` is its ``obs`` again, where
``dones`` is 1 and nobody looks beyond. ``rewards`` are 1 at the end of a take that was judged a
success, and else 0. ``decided_by`` (T,) says who decided, see ``steps.Decider``; ``stale`` (T,
cameras) where a picture is the one of the tick before; ``subtask`` (T,) which of ``subtasks`` is
done.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..episodes.card import CardKind, facts_of
from ..episodes.export import EpisodeFormat, export_episodes
from ..episodes.exported import ExportedTakes, Tell
from ..episodes.pieces import piece_of
from ..episodes.plan import Plan, plan_of
from .assembly import assemble
from .options import RobomimicOptions
from .piece import VERSION, fill

DECODING = 0.5  # share of the export that pictures take
OPENING = """\
import h5py

with h5py.File("{name}/dataset.hdf5") as file:
    actions = file["data/demo_0/actions"][:]"""


def export_takes(
    data: Path, take_ids: Sequence[str], options: RobomimicOptions, folder: Path, tell: Tell
) -> ExportedTakes:
    """Write takes into a new folder, see ``export_episodes``."""
    plan = plan_of(data, take_ids, options)
    how = EpisodeFormat(
        piece=partial(piece_of, data, plan, VERSION, partial(fill, plan, options)),
        assemble=partial(assemble, plan, options),
        filling=DECODING,
        card=_card(plan),
    )
    return export_episodes(take_ids, folder, how, tell)


def _card(plan: Plan) -> CardKind:
    facts = {**facts_of(plan), "Actions": "deltas of poses"}
    return CardKind(
        form="A robomimic HDF5 file", opening=OPENING, facts=facts, rate_hz=plan.rate_hz
    )
