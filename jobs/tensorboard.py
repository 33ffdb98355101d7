"""A job's figures as TensorBoard reads them, beside metrics.jsonl."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from tensorboardX.event_file_writer import EventsWriter

FOLDER = "tensorboard"


class TensorBoardLog:
    """Writes ``<job>/tensorboard/<stage>/``: each stage is a run with steps of its own."""

    def __init__(self, job_path: Path) -> None:
        self._folder = job_path / FOLDER
        self._writers: dict[str, EventsWriter] = {}

    def add(self, stage: str, step: int, figures: Mapping[str, float]) -> None:
        """Figures after a step. What a stage that goes on from an earlier step had written beyond
        it counts no more. Raises OSError."""
        from tensorboardX.proto.event_pb2 import Event  # type: ignore[attr-defined]
        from tensorboardX.proto.summary_pb2 import Summary  # type: ignore[attr-defined]

        if stage not in self._writers:
            self._writers[stage] = _begun(self._folder / _file_name(stage), step)
        values = [Summary.Value(tag=name, simple_value=value) for name, value in figures.items()]
        event = Event(wall_time=time.time(), step=step, summary=Summary(value=values))
        self._writers[stage].write_event(event)
        self._writers[stage].flush()


def _begun(folder: Path, step: int) -> "EventsWriter":
    """A new file; TensorBoard leaves out what others beside it hold from this step on."""
    from tensorboardX.event_file_writer import EventsWriter
    from tensorboardX.proto.event_pb2 import Event, SessionLog  # type: ignore[attr-defined]

    folder.mkdir(parents=True, exist_ok=True)
    writer = EventsWriter(str(folder / "events"))
    started = SessionLog(status=SessionLog.START)
    writer.write_event(Event(wall_time=time.time(), step=step, session_log=started))
    return writer


def _file_name(stage: str) -> str:
    """Whatever somebody called it, and no two alike."""
    return quote(stage, safe=" ").replace(".", "%2E")
