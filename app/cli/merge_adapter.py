"""`teachloop merge-adapter`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from .command import default_data


@dataclass(frozen=True)
class MergeAdapter:
    """Write an OpenVLA with an adapter merged into it, in the published layout."""

    adapter: Annotated[str, tyro.conf.Positional]
    """Id of the adapter."""
    out: Path
    """The checkpoint's folder, which must not be there yet."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...training.adapters.registry import get_adapter
        from ...training.openvla.exchange import write_merged

        write_merged(get_adapter(self.data, self.adapter), self.out)
        print(self.out)
        return 0
