"""`teachloop pretrain`: makes a base, showing how far it is."""

from dataclasses import dataclass

import tyro

from ...training.grounded.pretrain_config import PretrainConfig


@dataclass(frozen=True)
class Pretrain:
    """Make a base from simulated scenes and the scripted expert; an hour or two, and the same
    command goes on after a stop."""

    config: tyro.conf.OmitArgPrefixes[PretrainConfig]

    def run(self) -> int:
        from ...training.grounded.pretrain import pretrain
        from .bars import StageBars, bars

        with bars() as progress:
            print(pretrain(self.config, StageBars(progress)))
        return 0
