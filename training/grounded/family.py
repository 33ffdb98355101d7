"""The grounded policies as a family: see ``policies.interface``. Imports nothing heavy."""

from pathlib import Path

from ...jobs.folder import JobFolder
from ..policies.base_names import CONFIG, WEIGHTS, base_folder, is_there, list_bases
from ..policies.interface import LoadedPolicy, PolicyFamily
from .finetune_config import FinetuneConfig
from .plan import PLAN
from .stages import REPLAY


class Grounded(PolicyFamily[FinetuneConfig]):
    """Small policies: they learn in minutes without a GPU."""

    name = "grounded"
    plan = PLAN
    config = FinetuneConfig

    def knows(self, base: str) -> bool:
        whole = all(is_there(Path(base) / part) for part in (CONFIG, WEIGHTS))
        return base in list_bases() or whole

    def absolute_name(self, base: str) -> str:
        return base if base in list_bases() else str(base_folder(base).resolve())

    def open(self, base: str, adapter: Path | None, bits: int) -> LoadedPolicy:
        from .loading import load

        return load(base, adapter)

    def finetune(self, config: FinetuneConfig, job: JobFolder) -> Path:
        if config.preset == REPLAY:
            from .replay.memorise import memorise

            return memorise(config, job)
        from .finetune import finetune

        return finetune(config, job)


FAMILY = Grounded()
