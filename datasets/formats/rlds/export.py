"""Writing takes as an RLDS data set: ``<name>/1.0.0`` in a new folder, as TensorFlow Datasets lays
data sets out and finds them by ``tfds.builder(name, data_dir=folder)`` or
``tfds.builder_from_directory`` (https://www.tensorflow.org/datasets/external_tfrecord). OpenVLA is
given the folder as its ``data_root_dir`` and the name as its ``dataset_name``.

| file | what it holds |
|---|---|
| ``<name>-<split>.tfrecord-00000-of-00001`` | records, each a take: ``tf.train.Example`` |
| ``features.json`` | what is in a record |
| ``dataset_info.json`` | the splits, and how many records each file has |
| ``dataset_statistics.json`` | what OpenVLA scales actions and states by |
| ``teachloop.json`` | the robot, the rate, which camera is which, what numbers are called |

A record holds each feature of all T steps one behind the other, under its path, such as
``steps/observation/image``: pictures as JPEG, truths as the integers 0 and 1. Its layout is that of
the data sets that OpenVLA was trained on (https://github.com/kpertsch/rlds_dataset_builder), so
that its loader needs no change of the numbers: ``numbers`` says what they are. The step that is
last is also the terminal one.

``train`` and ``val`` are whole takes, see ``held_out``. A take's own JPEGs are copied, unless
it is archived or another size is asked for.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..episodes.card import CardKind, facts_of
from ..episodes.export import EpisodeFormat, export_episodes
from ..episodes.exported import ExportedTakes, Tell
from ..episodes.pieces import piece_of
from .assembly import assemble
from .options import RldsOptions
from .piece import VERSION, fill
from .plan import RldsPlan, plan_of

SHARD_BYTES = 128 << 20  # readers shuffle whole files first, so a few are better than one
READING = 0.8  # share of the export that pictures take
OPENING = """\
import tensorflow_datasets as tfds

episodes = tfds.builder("SET", data_dir="{name}").as_dataset(split="train")"""


def export_takes(
    data: Path,
    take_ids: Sequence[str],
    options: RldsOptions,
    folder: Path,
    tell: Tell,
    shard_bytes: int = SHARD_BYTES,
) -> ExportedTakes:
    """Write takes into a new folder, see ``export_episodes``."""
    plan = plan_of(data, take_ids, options)
    how = EpisodeFormat(
        piece=partial(piece_of, data, plan, VERSION, partial(fill, plan)),
        assemble=partial(assemble, plan, shard_bytes),
        filling=READING,
        card=_card(plan),
    )
    return export_episodes(take_ids, folder, how, tell)


def _card(plan: RldsPlan) -> CardKind:
    return CardKind(
        form="An RLDS data set",
        opening=OPENING.replace("SET", plan.options.name),
        facts={**facts_of(plan), "Actions": "deltas of poses"},
        rate_hz=plan.rate_hz,
    )
