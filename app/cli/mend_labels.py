"""`teachloop mend-labels`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass(frozen=True)
class MendLabels:
    """Take a take's labels back to the whole lines before a damaged one; the rest is kept."""

    take: Annotated[Path, tyro.conf.Positional]
    """The take's folder."""

    def run(self) -> int:
        from ...datasets.labels.mending import mend_labels

        print(mend_labels(self.take) or f"{self.take.name}: no line of its labels is damaged.")
        return 0
