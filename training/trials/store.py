"""Studies on disk: `<data>/trials/<id>.json`, each written whole or not at all."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from ...runtime.atomic_file import write_whole
from ...runtime.errors import TeachloopError
from ...runtime.ids import checked_id, next_stamp
from ...runtime.json_file import read_model
from .study import Study

TRIALS = "trials"


class NoSuchStudy(TeachloopError):
    def __init__(self, study_id: str) -> None:
        super().__init__(f"There are no trials {study_id!r}.")


class StudyStore:
    """Safe to use from several threads, of which one changes a study at a time."""

    def __init__(self, data: Path) -> None:
        self._folder = data / TRIALS
        self._lock = threading.Lock()

    def ids(self) -> Iterator[str]:
        """The newest first."""
        for path in sorted(self._folder.glob("[!.]*.json"), reverse=True):
            yield path.stem

    def read(self, study_id: str) -> Study:
        """Raises NoSuchStudy, BrokenJson."""
        path = self._path(study_id)
        if not path.is_file():
            raise NoSuchStudy(study_id)
        return read_model(path, Study)

    def add(self, study: Study) -> str:
        """Its id."""
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            study_id = f"{next_stamp(self.ids())}-{secrets.token_hex(2)}"
            self._write(study_id, study)
        return study_id

    def change(self, study_id: str, change: Callable[[Study], Study]) -> Study:
        """What it became. Raises what reading it, and the change, raises."""
        with self._lock:
            study = change(self.read(study_id))
            self._write(study_id, study)
        return study

    def _path(self, study_id: str) -> Path:
        """Raises BadName."""
        return self._folder / f"{checked_id(study_id)}.json"

    def _write(self, study_id: str, study: Study) -> None:
        """A verdict that was given outlasts a power cut."""
        text = json.dumps(study.model_dump(mode="json"), ensure_ascii=False, indent=1)
        write_whole(self._path(study_id), text.encode(), durable=True)
