"""Takes of another machine, copied over a line that may break at any request."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keep_recording import CAMERAS, record_tick

from teachloop.datasets.labels.edits import SetInstruction, SetNote, SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.take_folder import TAKE, new_take_folder
from teachloop.datasets.takes.trash import in_bin, put_in_bin, take_out_of_bin
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.remote import offered_takes
from teachloop.recorder.remote.take_copier import TakeCopier
from teachloop.recorder.remote.take_messages import ListTakes, ReadTake, TakePart


def recorded(data: Path, ticks: int = 5) -> str:
    """A take of a data folder; its id."""
    folder = new_take_folder(data / "takes")
    info = TakeInfo(take_id=folder.name, created="now", created_time_ns=1, cameras=CAMERAS)
    with TakeWriter(folder, info) as writer:
        for tick in range(1, ticks + 1):
            record_tick(writer, tick)
    return folder.name


class Machines:
    """The robot's with its takes, and this one; each request goes through ``line``."""

    def __init__(self, root: Path) -> None:
        self.there, self.here = root / "there", root / "here"
        self.said: list[str] = []
        self.asked: list[ListTakes | ReadTake] = []
        self.line: Callable[[TakePart], TakePart] = lambda part: part
        self.copier = self.started()

    def started(self) -> TakeCopier:
        """As after a restart of this machine."""
        self.copier = TakeCopier(self.here, self, self._hear, "robot-pc")
        return self.copier

    def _hear(self, _kind: str, text: str) -> None:
        self.said.append(text)

    def ask(self, request: ListTakes | ReadTake, reply: Any) -> Any:
        self.asked.append(request)
        if isinstance(request, ListTakes):
            return offered_takes.offered_takes(self.there)
        return self.line(offered_takes.take_part(self.there, request))

    def take(self, take: str) -> Path:
        return self.here / "takes" / take


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    monkeypatch.setattr(offered_takes, "PART_BYTES", 1000)  # so that small takes have many parts
    return Machines(tmp_path)


def test_a_take_comes_whole_with_what_was_said_of_it(machines: Machines) -> None:
    take = recorded(machines.there)
    Labels.open(machines.there / "takes" / take).add([SetSuccess(True)], "station")
    machines.copier.look()
    copy = machines.take(take)
    assert (copy / TAKE).read_bytes() == (machines.there / "takes" / take / TAKE).read_bytes()
    assert check(copy) == []
    assert Labels.open(copy).snapshot.success is True
    assert machines.said == [f"Take {take} came over from robot-pc."]
    machines.copier.look()
    assert len(machines.said) == 1


def cut_in_the_middle(machines: Machines) -> None:
    """Of a take that comes over; afterwards the line is whole again."""

    def cut(part: TakePart) -> TakePart:
        if len(machines.asked) > 5:
            raise ConnectionError
        return part

    whole, machines.line = machines.line, cut
    with pytest.raises(ConnectionError):
        machines.copier.look()
    machines.line = whole


def test_what_was_cut_in_the_middle_is_gone_on_with(machines: Machines) -> None:
    take = recorded(machines.there)
    cut_in_the_middle(machines)
    assert not machines.take(take).exists()
    before = {each.begins for each in machines.asked if isinstance(each, ReadTake)}
    machines.started().look()
    assert check(machines.take(take)) == []
    begins = [each.begins for each in machines.asked if isinstance(each, ReadTake)]
    again = [each for each in begins if begins.count(each) > 1]
    assert set(again) <= {max(before)}, "only the part that was lost was asked for twice"


def test_a_file_that_was_archived_there_in_the_middle_comes_as_it_is_then(
    machines: Machines,
) -> None:
    take, other = recorded(machines.there), recorded(machines.there / "elsewhere")
    cut_in_the_middle(machines)
    anew = machines.there / "elsewhere" / "takes" / other / TAKE
    (machines.there / "takes" / take / TAKE).write_bytes(anew.read_bytes())
    machines.started().look()
    assert (machines.take(take) / TAKE).read_bytes() == anew.read_bytes()


def test_a_damaged_take_does_not_appear_is_said_once_and_holds_up_no_other(
    machines: Machines,
) -> None:
    take, other = recorded(machines.there), recorded(machines.there)
    file = machines.there / "takes" / take / TAKE
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + bytes(9))
    machines.copier.look()
    machines.copier.look()
    assert not machines.take(take).exists()
    assert check(machines.take(other)) == []
    assert len(machines.said) == 2
    assert "does not come over" in machines.said[0]
    file.write_bytes(whole)
    machines.started().look()
    assert check(machines.take(take)) == []


def test_what_the_station_says_later_is_said_here_and_what_is_said_here_stays(
    machines: Machines,
) -> None:
    take = recorded(machines.there)
    machines.copier.look()
    there, here = machines.there / "takes" / take, machines.take(take)
    Labels.open(here).add([SetNote("at the edge")], "Ada")
    put_in_bin(there, "station")
    Labels.open(there).add([SetInstruction("not the station's to say")], "Bob")
    machines.started().look()
    assert in_bin(here)
    take_out_of_bin(there, "station")
    machines.started().look()
    machines.started().look()
    said = Labels.open(here).snapshot
    assert (said.deleted, said.note, said.instruction) == (False, "at the edge", None)
    assert said.revision == 3


def test_a_take_that_is_here_already_is_left_alone(machines: Machines) -> None:
    take = recorded(machines.there)
    machines.take(take).mkdir(parents=True)
    (machines.take(take) / TAKE).write_bytes(b"mine")
    machines.copier.look()
    machines.started().look()
    assert (machines.take(take) / TAKE).read_bytes() == b"mine"
    assert machines.said == [f"A take {take} is here already; that of robot-pc was not copied."]


def test_a_copy_that_was_removed_does_not_come_back(machines: Machines) -> None:
    take = recorded(machines.there)
    machines.copier.look()
    for path in sorted(machines.take(take).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    machines.take(take).rmdir()
    put_in_bin(machines.there / "takes" / take, "station")
    machines.started().look()
    assert not machines.take(take).exists()


def test_one_that_is_not_finished_waits(machines: Machines) -> None:
    folder = new_take_folder(machines.there / "takes")
    (folder / "take.h5.partial").write_bytes(b"half")
    machines.copier.look()
    assert not machines.take(folder.name).exists()
    assert machines.said == []
