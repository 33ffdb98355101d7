"""A repository on Hugging Face's hub, or a folder in one. What is sent becomes one commit with the
manifest that tells of it, whether that is of one file or of a hundred takes
(https://huggingface.co/docs/huggingface_hub/guides/upload)."""

from collections.abc import Callable
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, parse_hf_uri

from .manifest import MANIFEST, Manifest
from .remote_folder import RemoteFolder

HELD_BYTES = 1 << 20  # of a file that is held until its commit; a larger one is sent at once


class HubFolder(RemoteFolder):
    """Made where there is none, for nobody else to see: who it shall be shown to is said there."""

    noted_each_s = 300.0  # the hub takes 128 commits an hour

    def __init__(self, url: str) -> None:
        super().__init__(url)
        with self._reaching():
            self._place = parse_hf_uri(url)
        self._api = HfApi(library_name="teachloop")
        self._waiting: list[CommitOperationAdd | CommitOperationDelete] = []
        self._is_there = False

    def write_manifest(self, manifest: Manifest) -> None:
        content = manifest.model_dump_json(indent=1).encode()
        with self._reaching():
            self._make()
            self._commit([*self._waiting, CommitOperationAdd(self._inside(MANIFEST), content)])
        self._waiting.clear()

    def send(self, source: Path, path: str, moved: Callable[[int], None]) -> None:
        size = source.stat().st_size
        with self._reaching():
            self._make()
            content = source.read_bytes() if size <= HELD_BYTES else str(source)
            addition = CommitOperationAdd(self._inside(path), content)
            if size > HELD_BYTES:
                place = self._place
                self._api.preupload_lfs_files(
                    place.id, [addition], repo_type=place.type, revision=place.revision
                )
        self._waiting.append(addition)
        moved(size)

    def remove(self, path: str) -> None:
        with self._reaching():
            if self._files.exists(self._at(path)):
                self._waiting.append(CommitOperationDelete(self._inside(path)))

    def _commit(self, operations: list[CommitOperationAdd | CommitOperationDelete]) -> None:
        place, count = self._place, len(operations)
        said = f"teachloop: {count} file{'s' if count > 1 else ''}"
        self._api.create_commit(
            place.id,
            operations,
            commit_message=said,
            repo_type=place.type,
            revision=place.revision,
        )

    def _make(self) -> None:
        if not self._is_there:
            place = self._place
            self._api.create_repo(place.id, repo_type=place.type, private=True, exist_ok=True)
        self._is_there = True

    def _inside(self, path: str) -> str:
        """From the repository on."""
        return f"{self._place.path_in_repo.rstrip('/')}/{path}".lstrip("/")
