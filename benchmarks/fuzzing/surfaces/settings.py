"""What people write by hand: station.yaml, station.toml, labeler.json, lists of names."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import tomlkit
import yaml

from teachloop.app.web.station_process import StationProcess
from teachloop.datasets.tasks import add_task, written_tasks
from teachloop.labeler.methods import Methods
from teachloop.labeler.models.listing import list_models
from teachloop.labeler.settings import LabelerSettings
from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.devices.settings import processes
from teachloop.recorder.devices.settings_file import load_settings, save_settings
from teachloop.recorder.devices.station_choice import StationChoice
from teachloop.recorder.station.endpoint import read_endpoint
from teachloop.runtime.access import session_key
from teachloop.runtime.errors import TeachloopError
from teachloop.training.policies.base_list import add_base, choices

from ..mutators import Mutator, Value
from ..surface import Accepted

BOMBS: Sequence[str] = (
    "robot: &a {driver: simulated, settings: {a: *a}}\ncameras: *a\n",
    "".join(
        [
            "a0: &a0 [x, x, x, x, x, x, x, x, x]\n",
            *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
            "robot: {driver: simulated, settings: {all: *a8}}\ncameras: {}\n",
        ]
    ),
    "robot: !!python/object/apply:os.system ['touch canary']\n",
    "robot: !!timestamp x\n",
    "control_rate_hz: 2027-99-99\n",
    "? {a: b}\n: c\n",
    "? [a, [b]]\n: c\n",
    "a: !!binary '…'\n",
    "a: 0x\nb: 0o9\nc: 1_\nd: 190:20:30\n",
    "<<: *nothing\n",
    "[" * 3000,
    "{a: " * 3000,
    "- " * 3000,
    "\t- x",
    "%YAML 9.9\n---\na",
    "---\n---\n",
)
STATION = PRESETS["simulated"].model_dump(mode="json", exclude_none=True)
LABELER: Value = {
    "segmenters": {"mine": "package.module:Class", "other": {"factory": "a:B", "needs": "a GPU"}},
    "propagators": {"mine": "package.module:Class"},
    "weights": {"mine": "~/models/mine.pth", "other": "somebody/model"},
    "published": [
        {"method": "mine", "about": "b", "size": 3, "url": "http://a/b.pth", "sha256": "0" * 64},
        {"method": "other", "about": "c", "size": 3, "hub_id": "somebody/model"},
    ],
    "segmenter": "classical",
    "propagator": "classical",
}
ENDPOINT: Value = {
    "command": "ipc://a",
    "publish": "ipc://b",
    "preview": "ipc://c",
    "pid": 4_000_000,
}


class Settings:
    """A data folder with one of these files, written anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        (self._data / "station").mkdir(parents=True)
        try:
            m.draw.choice(
                (self._station, self._station, self._station, self._labeler, self._lists)
            )(m)
        except TeachloopError as error:
            return str(error)
        return ""

    def _station(self, m: Mutator) -> None:
        path = self._data / f"station.{m.draw.choice(('yaml', 'yaml', 'toml'))}"
        path.write_bytes(_text_of(m, path.suffix))
        settings = load_settings(path)
        processes(settings)
        save_settings(path, settings)
        if load_settings(path) != settings:
            raise Accepted("saved settings are read as others")
        StationProcess(self._data, StationChoice(file=path)).settings.model_dump_json()

    def _labeler(self, m: Mutator) -> None:
        text = m.json(LABELER)
        (self._data / "labeler.json").write_bytes(text)
        Methods(LabelerSettings.read(self._data))
        list_models(self._data).model_dump_json()

    def _lists(self, m: Mutator) -> None:
        names: Value = ["pick it up", "panda-tabletop", "http://gpu:7861", "a/openvla-b"]
        for name in ("tasks.json", "bases.json", "station/endpoint.json"):
            sample = ENDPOINT if name.startswith("station") else names
            (self._data / name).write_bytes(m.json(sample))
        written_tasks(self._data)
        add_task(self._data, str(m.hostile()).encode("utf-8", "replace").decode())
        json.dumps([each.model_dump() for each in choices(self._data)])
        session_key(self._data)
        _ = StationProcess(self._data).running
        add_base(self._data, str(m.hostile()))
        read_endpoint(self._data)


def _text_of(m: Mutator, suffix: str) -> bytes:
    if m.chance(0.15):
        return m.changed(m.draw.choice(BOMBS).encode())
    sample = m.value(STATION) if m.chance(0.6) else STATION
    write: Callable[[Value], str] = _yaml if suffix == ".yaml" else _toml
    try:
        text = write(sample).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError, AttributeError, yaml.YAMLError, RecursionError):
        text = json.dumps(sample).encode()  # YAML, too
    return m.changed(text) if m.chance(0.5) else text


def _yaml(value: Value) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _toml(value: Value) -> str:
    return tomlkit.dumps(value if isinstance(value, dict) else {"a": value})


SURFACE = Settings
