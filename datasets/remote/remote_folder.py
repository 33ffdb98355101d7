"""A folder behind a URL, of whatever kind `fsspec` knows: another disk, a server by SSH, an object
store, a data set on Hugging Face's hub (https://filesystem-spec.readthedocs.io)."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
from fsspec.callbacks import Callback
from fsspec.implementations.local import LocalFileSystem
from pydantic import ValidationError

from ...runtime.json_file import parse_json
from ...runtime.validation import explain
from .errors import BadManifest, CannotReach
from .manifest import MANIFEST, Manifest

DISKS = (LocalFileSystem,)  # what is half written there can be seen
LONGEST_MANIFEST = 256 << 20  # bytes
FAULTS = (OSError, ValueError, ImportError, RuntimeError)  # of one kind of place or another


class RemoteFolder:
    """One that can be reached. All methods raise CannotReach."""

    noted_each_s = 10.0  # how much is sent again at most after an interruption

    def __init__(self, url: str) -> None:
        self.url = url
        with self._reaching():
            self._files, self._root = fsspec.core.url_to_fs(url)

    def manifest(self) -> Manifest | None:
        """What is there; None where nothing was sent. Raises BadManifest."""
        with self._reaching():
            self._files.invalidate_cache()
            try:  # whether there is a file, fsspec also answers with no where it cannot tell
                size = self._files.info(self._at(MANIFEST))["size"]
            except FileNotFoundError:
                return None
            if size > LONGEST_MANIFEST:
                raise BadManifest(self.url, "it is too long.")
            content = self._files.cat_file(self._at(MANIFEST))
        try:
            return Manifest.read(parse_json(content.decode()))
        except ValidationError as error:
            raise BadManifest(self.url, explain(error.errors())) from error
        except ValueError as error:
            raise BadManifest(self.url, str(error)) from error

    def write_manifest(self, manifest: Manifest) -> None:
        with self._reaching():
            self._files.makedirs(self._root, exist_ok=True)
            content, target = manifest.model_dump_json(indent=1).encode(), self._at(MANIFEST)
            if not isinstance(self._files, DISKS):
                self._files.pipe_file(target, content)
                return
            self._files.pipe_file(f"{target}.new", content)
            self._files.mv(f"{target}.new", target)

    def send(self, source: Path, path: str, moved: Callable[[int], None]) -> None:
        """``moved``: told of how many bytes so far."""
        with self._reaching():
            target = self._at(path)
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(source), target, callback=_Moved(moved))

    def fetch(self, path: str, target: Path, moved: Callable[[int], None]) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._reaching():
            self._files.get_file(self._at(path), str(target), callback=_Moved(moved))

    def remove(self, path: str) -> None:
        """Where it is there."""
        with self._reaching(), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(self._at(path))

    def _at(self, path: str) -> str:
        return f"{str(self._root).rstrip('/')}/{path}"

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            raise CannotReach(self.url, error) from error


class _Moved(Callback):
    """What fsspec tells of a file on its way."""

    def __init__(self, moved: Callable[[int], None]) -> None:
        super().__init__()
        self._told = moved

    def call(self, *args: object, **kwargs: object) -> None:
        self._told(self.value)
