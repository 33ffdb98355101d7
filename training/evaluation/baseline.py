"""What training must be better than: the replay of the nearest of the takes that an adapter learned
from (see ``grounded.replay``)."""

import logging
import shutil

from ...jobs.folder import JobCancelled, JobFolder
from ...runtime.errors import TeachloopError
from ..adapters.card import AdapterCard
from ..adapters.registry import Adapter
from ..grounded.finetune_config import FinetuneConfig
from ..grounded.replay.demonstration import replays
from ..grounded.replay.memorise import remember
from ..grounded.stages import REPLAY
from ..policies.base_names import DEFAULT
from ..policies.registry import OF_THE_SHIPPED, find_family
from .rollout_pool import PolicySpec

logger = logging.getLogger(__name__)


def replay_of(job: JobFolder, adapter: Adapter) -> PolicySpec | None:
    """The replay, kept in the job's folder. None where the adapter is one itself, or where its
    takes cannot be replayed, as without masks. Raises JobCancelled, OSError."""
    if replays(adapter.path):
        return None
    config, folder = _config(adapter.card), job.path / REPLAY
    shutil.rmtree(folder, ignore_errors=True)
    try:
        memory = remember(job.data, config, lambda message, share: job.raise_if_cancelled())
    except JobCancelled:
        raise
    except TeachloopError as error:
        logger.info("There is no replay to compare with: %s", error)
        return None
    folder.mkdir()
    memory.write(folder, REPLAY)
    return PolicySpec(base=config.base, adapter=folder)


def _config(card: AdapterCard) -> FinetuneConfig:
    """It looks through the same cameras, with the adapter's base where that is one that can."""
    family = find_family(card.base)
    own = family is not None and family.name == OF_THE_SHIPPED
    return FinetuneConfig(
        takes=tuple(take.id for take in card.takes),
        base=card.base if own else DEFAULT,
        preset=REPLAY,
        cameras=tuple(card.config.get("cameras", ())),
    )
