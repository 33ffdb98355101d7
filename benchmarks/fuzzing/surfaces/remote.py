"""What was sent elsewhere: a list of files that is none, or leads elsewhere, and other files."""

import json
import shutil
from pathlib import Path

from teachloop.datasets.remote.manifest import MANIFEST
from teachloop.datasets.remote.pull import pull
from teachloop.datasets.remote.push import push_folder, push_takes
from teachloop.runtime.errors import TeachloopError

from ..mutators import Mutator
from ..samples import TAKE_ID, label, record
from ..surface import Accepted


def _quiet(message: str, share: float) -> None:
    """Nobody waits."""


class Places:
    """Two of them, one with a folder and one with takes; the next input begins anew."""

    def __init__(self, folder: Path) -> None:
        self._target = folder / "deep" / "target"
        (folder / "set" / "data").mkdir(parents=True)
        (folder / "set" / "README.md").write_text("# cubes")
        (folder / "set" / "data" / "one.bin").write_bytes(bytes(300))
        label(record(folder / "own"))
        self._places = folder / "folder", folder / "takes"
        push_folder(folder / "set", str(self._places[0]), _quiet)
        push_takes(folder / "own", [TAKE_ID], str(self._places[1]), _quiet)
        self._good = {
            path: path.read_bytes()
            for place in self._places
            for path in place.rglob("*")
            if path.is_file()
        }
        self._outside = {*folder.iterdir(), folder / "deep"}
        self._folder = folder

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._target.parent, ignore_errors=True)
        self._target.parent.mkdir()
        for path, content in self._good.items():
            path.write_bytes(content)
        place = m.draw.choice(self._places)
        self._change(m, place)
        m.ready()
        try:
            pull(str(place), self._target, _quiet)
        except TeachloopError as error:
            return str(error)
        finally:
            self._require_inside()
        self._require_same()
        return ""

    def _change(self, m: Mutator, place: Path) -> None:
        manifest = place / MANIFEST
        how = m.below(10)
        if how < 6:
            manifest.write_bytes(m.json(json.loads(manifest.read_text())))
        elif how < 8:
            manifest.write_bytes(m.changed(manifest.read_bytes()))
        else:
            path = m.draw.choice([path for path in self._good if path.is_relative_to(place)])
            path.write_bytes(m.changed(path.read_bytes()))

    def _require_inside(self) -> None:
        """Nothing may be written elsewhere."""
        beside = {*self._folder.iterdir()} - self._outside
        others = {path.name for path in self._target.parent.iterdir()}
        if beside or others - {self._target.name, f".{self._target.name}.partial"}:
            raise Accepted(f"something was written elsewhere: {beside or others}")

    def _require_same(self) -> None:
        """What came is what the list says of it, which is what was sent."""
        sent = {content for path, content in self._good.items() if path.name != MANIFEST}
        for path in self._target.rglob("*"):
            if path.is_file() and path.read_bytes() not in sent:
                raise Accepted(f"{path.name} is none of the files that were sent")


SURFACE = Places
