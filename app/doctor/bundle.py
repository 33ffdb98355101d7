"""All that somebody who looks for a fault elsewhere has to know, in one file: versions, what was
found, the station's settings, the ends of logs, and how jobs and takes are. Pictures, masks, what
takes say and secrets are not in it; a job's log may name an instruction."""

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ...datasets.catalog import IN_MEMORY, Catalog
from ...jobs.folder import STATUS
from ...recorder.devices.settings import StationSettings
from ...runtime.atomic_file import replacing
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject, read_json
from .finding import Finding
from .redaction import redacted, without_secrets

LOGS = ("*.log", "*log.txt")
MOST_LOGS, LAST_BYTES = 200, 256 << 10
OF_TAKES = (
    "take_id",
    "ticks",
    "frames",
    "cameras",
    "dropped",
    "interrupted",
    "damaged",
    "revision",
)


def write_bundle(
    path: Path, settings: StationSettings, data: Path, findings: Sequence[Finding]
) -> Sequence[str]:
    """The names of what is in the file. Raises OSError; then there is none."""
    with replacing(path) as partial, ZipFile(partial, "w", ZIP_DEFLATED) as file:
        for name, text in _contents(settings, data, findings):
            file.writestr(name, text)
        return file.namelist()


def _contents(
    settings: StationSettings, data: Path, findings: Sequence[Finding]
) -> Iterator[tuple[str, str]]:
    yield "versions.json", _json(_versions())
    yield "findings.json", _json(without_secrets([each.model_dump() for each in findings]))
    yield "station.json", _json(without_secrets(settings.model_dump(mode="json")))
    yield "takes.json", _json(without_secrets(_takes(data)))
    for folder in sorted((data / "jobs").glob("*")):
        if (folder / STATUS).is_file():
            yield f"jobs/{folder.name}.json", _json(without_secrets(_status(folder / STATUS)))
    for log in _logs(data):
        yield f"logs/{log.relative_to(data).as_posix()}", redacted(_end_of(log))


def _json(content: object) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False)


def _versions() -> Mapping[str, str]:
    machine = {"python": platform.python_version(), "system": platform.platform()}
    found = {each.name: each.version for each in distributions()}
    return {**machine, **{name: found[name] for name in sorted(found, key=str.lower)}}


def _takes(data: Path) -> list[JsonObject]:
    """What each is, without what was said in or of it."""
    if not data.is_dir():
        return []
    with Catalog(data, IN_MEMORY) as catalog:
        catalog.refresh()
        rows = catalog.takes(deleted=None)
    return [{name: getattr(row, name) for name in OF_TAKES} for row in rows]


def _status(path: Path) -> JsonObject:
    try:
        return read_json(path)
    except TeachloopError as error:
        return {"unreadable": str(error)}


def _logs(data: Path) -> Sequence[Path]:
    """The newest; takes and exports have none."""
    found = {path for place in _places(data) for kind in LOGS for path in place.rglob(kind)}
    plain = [path for path in found if path.is_file() and not path.is_symlink()]
    newest = sorted(plain, key=lambda path: path.stat().st_mtime, reverse=True)
    return sorted(newest[:MOST_LOGS])


def _places(data: Path) -> Sequence[Path]:
    if not data.is_dir():
        return []
    left = ("takes", "exports")
    return [path for path in data.iterdir() if path.is_dir() and path.name not in left]


def _end_of(log: Path) -> str:
    """From a line's beginning, so that nothing stands there without what it is called."""
    left = max(0, log.stat().st_size - LAST_BYTES)
    with log.open("rb") as file:
        file.seek(left)
        content = file.read()
    return (content.partition(b"\n")[2] if left else content).decode("utf-8", "replace")
