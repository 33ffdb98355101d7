"""`teachloop keys`: by which this machine and others know each other."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """Show this machine's public key, made on first use, and whom it knows; or get to know
    another machine."""

    keys: Path | None = None
    """Folder of keys; ~/.config/teachloop/keys when left out."""
    trust: Path | None = None
    """A public key that was copied from another machine: it may come in from now on."""

    def run(self) -> int:
        from ...runtime.ipc.curve_keys import default_keys, known_keys, own_key, public_file, trust

        folder = self.keys or default_keys()
        own = own_key(folder)
        if self.trust is not None:
            print(f"{trust(folder, self.trust).name} is known now.")
        print(f"This machine is {own.name}. Copy to others: {public_file(folder, own)}")
        names = [key.name for key in known_keys(folder)]
        print(f"Known here: {', '.join(names)}." if names else "No other machine is known here.")
        return 0
