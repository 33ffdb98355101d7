"""`teachloop version`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """Print the versions that a result depends on."""

    def run(self) -> int:
        from ...training.adapters.card import installed_versions

        for name, found in installed_versions().items():
            print(f"{name} {found}")
        return 0
