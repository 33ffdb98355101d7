"""Takes out of data sets of others: each episode a take, once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ...runtime.errors import TeachloopError
from ..takes.reader import Take
from ..takes.source import LONGEST, Source
from ..takes.staging import staging
from ..takes.take_folder import TAKES, take_folders
from .droid.episode import StoredEpisode as DroidEpisode
from .droid.folder import TRAJECTORY, folders_in
from .droid.metadata import wordings_in
from .format_names import ImportFormat, SetFormat
from .import_options import ImportOptions
from .imported.episode import EpisodeRefused, Stored
from .imported.writing import write_take
from .lerobot_reading.libraries import INFO, require_libraries
from .lerobot_reading.options import LeRobotReading
from .pictures import NoSuchSet
from .rlbench.folder import demos_in
from .robomimic_reading.file import FILE, file_in
from .robomimic_reading.file import demos_in as robomimic_demos

Tell: TypeAlias = Callable[[str, float], None]
"""Told what is done, and the share of all; what it raises ends the import."""


@dataclass(slots=True)
class ImportedTakes:
    """What came of it."""

    format: ImportFormat
    takes: list[str] = field(default_factory=list)
    there: dict[str, str] = field(default_factory=dict)
    """Place of an episode that had been imported before -> id of its take."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Place of an episode -> why no take was made of it."""


def import_takes(data: Path, source: Path, options: ImportOptions, tell: Tell) -> ImportedTakes:
    """Each episode of a set becomes a take, but for those that are takes already.

    Takes that were made stay where the import ends early; the same call goes on with the others.
    Raises NoSuchSet, DiskFull, OSError and what ``tell`` raises.
    """
    form, episodes = find_set(source, options)
    done = ImportedTakes(form)
    known = imported_before(data)
    with staging(data) as staged:
        for number, stored in enumerate(episodes):

            def told(share: float, number: int = number) -> None:
                tell(f"episode {number + 1} of {len(episodes)}", (number + share) / len(episodes))

            told(0.0)
            try:
                digest = stored.sha256()
                if digest in known:
                    done.there[stored.place] = known[digest]
                    continue
                episode = stored.read()
                about = _source(form, stored, digest, episode.description.assumed)
                known[digest] = write_take(data, staged, episode, about, told)
                done.takes.append(known[digest])
            except EpisodeRefused as error:
                done.left_out[stored.place] = str(error)
    return done


def format_of(source: Path) -> SetFormat:
    """Of what lies there; pictures where it is nothing else."""
    if (source / INFO).is_file():
        return "lerobot"
    if file_in(source) is not None:
        return "robomimic"
    if not source.is_dir():
        return "pictures"
    if folders_in(source):
        return "droid"
    return "rlbench" if demos_in(source, {}) else "pictures"


def find_set(source: Path, options: ImportOptions) -> tuple[ImportFormat, list[Stored]]:
    """In which format it is, and its episodes. Raises NoSuchSet, MissingLibraries."""
    form = options.format or format_of(source)
    if form == "robomimic":
        return form, _robomimic(source, options)
    if not source.is_dir():
        raise NoSuchSet(
            f"{source} is no folder, and no HDF5 file. Name the place of a data set on this "
            "machine."
        )
    if form == "lerobot":
        return form, _lerobot(source, options)
    if form == "droid":
        return form, _droid(source)
    episodes: list[Stored] = [*demos_in(source, options.handles)]
    if not episodes:
        raise NoSuchSet(
            f"{source} holds no data set of others: neither {INFO} of a LeRobotDataset, nor "
            f"{FILE} of robomimic, nor a low_dim_obs.pkl of RLBench or a {TRAJECTORY} of DROID in "
            "it or below it."
        )
    return "rlbench", episodes


def _droid(source: Path) -> list[Stored]:
    """Raises NoSuchSet, MissingLibraries."""
    require_libraries()
    wordings = wordings_in(source)
    episodes: list[Stored] = [
        DroidEpisode(folder, source, wordings) for folder in folders_in(source)
    ]
    if not episodes:
        raise NoSuchSet(f"{source} holds no {TRAJECTORY} of DROID, in it or below it.")
    return episodes


def _robomimic(source: Path, options: ImportOptions) -> list[Stored]:
    """Raises NoSuchSet."""
    if (path := file_in(source)) is None:
        raise NoSuchSet(f"{source} is no HDF5 file, and no folder with {FILE} in it.")
    return [*robomimic_demos(path, options.filter_key)]


def _lerobot(source: Path, options: ImportOptions) -> list[Stored]:
    """Raises NoSuchSet, MissingLibraries."""
    require_libraries()
    from .lerobot_reading.dataset import Dataset
    from .lerobot_reading.episode import StoredEpisode

    dataset = Dataset(source)
    told = LeRobotReading(**{name: getattr(options, name) for name in LeRobotReading.model_fields})
    return [StoredEpisode(dataset, listed, told) for listed in dataset.episodes()]


def imported_before(data: Path) -> dict[str, str]:
    """Digest of an episode -> id of its take, in the bin or not."""
    found: dict[str, str] = {}
    for folder in take_folders(data / TAKES):
        try:
            with Take.open(folder, damaged_too=True) as take:
                if take.info.source is not None:
                    found[take.info.source.sha256] = folder.name
        except TeachloopError:  # what cannot be opened is no copy of anything
            continue
    return found


def _source(form: ImportFormat, stored: Stored, digest: str, assumed: Sequence[str]) -> Source:
    sentences = [each[:LONGEST] for each in assumed]
    place = stored.place.encode("utf-8", "replace").decode()[:LONGEST]
    return Source(format=form, place=place, sha256=digest, assumed=tuple(sentences[:20]))
