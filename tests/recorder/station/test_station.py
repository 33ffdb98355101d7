import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teachloop.datasets.alignment import align
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.depth import to_millimetres
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.recorder.drivers.cameras.synthetic import frame_number
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.command_table import COMMANDS, BadCommand
from teachloop.recorder.station.endpoint import StationAway, StationError, read_endpoint
from teachloop.recorder.station.published import PolicyObservation, Preview
from teachloop.recorder.station.status import LeaseStatus
from teachloop.runtime.ipc.frames import SharedFrames
from teachloop.runtime.ipc.serialization import pack, pack_plain
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.world import World

KINEMATICS = Kinematics()

Station = Any  # conftest.RunningStation


def record(station: Station, seconds: float, **start: Any) -> str:
    take = station.do("start", **start)["take"]
    time.sleep(seconds)
    assert station.do("stop")["take"] == take
    return take


def test_a_take_by_held_keys_moves_the_arm_and_is_whole(station: Station) -> None:
    station.do("set_task", task="reach", instruction="go left", operator="Ada")
    take = station.do("start")["take"]
    for _ in range(15):
        station.do("twist", linear=[0.0, 0.1, 0.0], angular=[0.0, 0.0, 0.0])
        time.sleep(0.05)
    time.sleep(0.5)
    station.do("stop")
    station.do("keep", success=True)
    folder = station.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as opened:
        deciders = opened.actions.decided_by
        path = opened.robot.ee_pose[:, 1, 3]
        assert {Decider.OPERATOR, Decider.HOLD} == {Decider(value) for value in set(deciders)}
        assert deciders[-1] == Decider.HOLD, "silence means hold"
        driven_m = 0.1 * 0.05 * (deciders == Decider.OPERATOR).sum()
        assert abs(path[-1] - path[0] - driven_m) < 0.01
        assert (opened.info.operator, opened.info.task) == ("Ada", "reach")
        assert opened.info.instruction == "go left"
        assert opened.info.health["ticks"] == len(opened.actions.time_ns)
        assert [event.kind for event in opened.events] == ["start", "stop"]
        assert len(opened.simulation.qpos) == len(opened.robot.time_ns)
        simulated = set(opened.simulation.number.tolist())
        for frames in opened.frames.values():
            assert set(frames.number.tolist()) <= simulated
    labels = Labels.open(folder).snapshot
    assert (labels.revision, labels.instruction, labels.success) == (1, None, True)


def test_the_limits_that_hold_are_published(station: Station) -> None:
    limits = station.state()["limits"]
    assert limits["speed"] == {"m_s": 0.6}
    assert limits["workspace"]["low_m"] == [0.2, -0.5, 0.0]


def test_depth_is_recorded_with_the_images_it_belongs_to(station: Station) -> None:
    station.do("reset", seed=8, verb="pick", split="base")
    take = record(station, 0.6)
    station.do("keep")
    with Take.open(station.data / "takes" / take) as opened:
        for name, frames in opened.frames.items():
            assert opened.depths[name].number.tolist() == frames.number.tolist()
            assert len(frames) >= 8
            assert_seen(opened, name, len(frames) - 1)


def assert_seen(take: Take, name: str, index: int) -> None:
    """The depth is that of the scene as it stood when the image was taken."""
    states = take.simulation
    with World(SceneSpec.from_json(take.info.scene)) as world:
        number = take.frames[name].number[index]
        world.set_qpos(states.qpos[states.number.tolist().index(number)])
        seen_mm = to_millimetres(world.capture(name).depth_m).astype(int)
    recorded = take.depth(name, index)
    assert recorded is not None
    assert np.mean(np.abs(recorded.astype(int) - seen_mm) <= 1) > 0.999


def test_the_script_solves_the_task_and_stops_when_done(station: Station) -> None:
    scene = station.do("reset", seed=5, verb="pick", split="base")["scene"]
    station.do("select_agent", name="expert")
    take = station.do("start", until_done=True)["take"]
    state = station.wait(lambda state: state["phase"] == "review", 40)
    assert state["take"]["success"] is True
    station.do("keep")
    folder = station.data / "takes" / take
    assert Labels.open(folder).snapshot.success is True
    with Take.open(folder) as opened:
        assert opened.info.instruction == scene["instruction"]
        ticks = align(opened)
        assert (ticks.decided_by == Decider.SCRIPT).all()
        applied = ticks.applied_pose[:-1, :3, 3]
        lag_m = np.linalg.norm(ticks.ee_pose[1:, :3, 3] - applied, axis=1)
        assert np.median(lag_m) < 0.01, "the arm is where it was told to be one tick before"


def test_takes_go_to_the_bin_and_come_back(station: Station) -> None:
    takes = station.data / "takes"
    first = record(station, 0.3)
    assert (takes / first / "take.h5").exists(), "finished on disk before it is kept"
    station.do("discard")
    assert Labels.open(takes / first).snapshot.deleted
    station.do("restore")
    assert not Labels.open(takes / first).snapshot.deleted
    second = record(station, 0.3)
    station.do("keep")
    assert station.do("undo")["take"] == second
    assert Labels.open(takes / second).snapshot.deleted
    station.do("restore", take=second)
    assert [each["id"] for each in station.state()["kept"]][-2:] == [first, second]
    assert station.do("mark_success", value=False)["take"] == second
    assert Labels.open(takes / second).snapshot.success is False


def said_of(station: Station, take: str) -> str:
    """The instruction of a kept take, as every list shows it."""
    return {each["id"]: each["instruction"] for each in station.state()["kept"]}[take]


def test_a_kept_take_is_of_what_was_asked_for_when_it_began(station: Station) -> None:
    station.do("set_task", task="own", instruction="my own words")
    take = record(station, 0.3)
    station.do("set_task", instruction="of the next take")
    station.do("reset", seed=9, verb="put", split="base")
    station.do("keep")
    assert said_of(station, take) == "my own words"


def test_a_start_that_is_refused_changes_neither_task_nor_agent(station: Station) -> None:
    station.do("set_task", task="own", instruction="my own words")
    take = record(station, 0.3)
    task = {"task": "rollout", "instruction": "of the policy"}
    with pytest.raises(StationError, match="the session is review"):
        station.do("start", task=task, agent="policy")
    state = station.state()
    assert (state["task"]["instruction"], state["agent"]) == ("my own words", "keyboard")
    station.do("keep")
    assert said_of(station, take) == "my own words"
    take = station.do("start", task=task, agent="policy")["take"]
    assert station.state()["agent"] == "policy"
    station.do("stop")
    station.do("keep")
    assert said_of(station, take) == "of the policy"


def test_a_take_of_a_task_that_is_not_done_is_unjudged(station: Station) -> None:
    station.do("reset", seed=5, verb="pick", split="base")
    take = record(station, 0.3)
    assert station.state()["take"]["success"] is None
    station.do("keep")
    assert Labels.open(station.data / "takes" / take).snapshot.success is None


def test_undo_covers_what_this_session_kept_also_where_the_clock_was_set_back(
    new_station: Any, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    info = TakeInfo(take_id="20990101-000000-0003", created="", created_time_ns=0)
    with TakeWriter(data / "takes" / info.take_id, info):
        pass
    station = new_station(data=data)
    assert [each["id"] for each in station.state()["kept"]] == [info.take_id]
    with pytest.raises(StationError, match="This session kept no take"):
        station.do("undo")
    first, second = (kept(station) for _ in range(2))
    assert info.take_id < first < second
    assert [each["id"] for each in station.state()["kept"]] == [info.take_id, first, second]
    assert station.state()["undoable"] == [first, second]
    assert [station.do("undo")["take"], station.do("undo")["take"]] == [second, first]
    assert station.do("restore")["take"] == first, "which went there last"
    assert station.do("undo", take=first)["take"] == first
    with pytest.raises(StationError, match="was not kept in this session"):
        station.do("undo", take=info.take_id)
    assert not Labels.open(data / "takes" / info.take_id).snapshot.deleted


def kept(station: Station) -> str:
    take = record(station, 0.2)
    station.do("keep")
    return take


def test_a_take_right_after_a_reset_knows_nothing_of_the_scene_before(station: Station) -> None:
    scenes = (station.do("reset", seed=seed, verb="pick", split="base") for seed in range(5, 50))
    counts = (len(each["scene"]["objects"]) for each in scenes)
    before = next(counts)
    count = next(later for later in counts if later != before)
    take = record(station, 0.3)
    with Take.open(station.data / "takes" / take) as opened:
        arm_and_objects = 9 + 7 * count  # joints and fingers, then a free body each
        assert opened.simulation.qpos.shape == (len(opened.robot.time_ns), arm_and_objects)
    station.do("discard")


def test_an_unwatched_station_draws_nothing_until_somebody_wants_it(station: Station) -> None:
    station.do("attach_policy", name="idle")  # which alone wants nothing
    station.fall_silent()
    station.do("release")
    with contextlib.closing(station.client.subscribe("state", "event")) as news:
        next(news)  # who follows the station does not look at its cameras
        time.sleep(0.4)
        ages = station.state()["health"]["frame_age_ms"]
        time.sleep(0.5)
        later = station.state()["health"]["frame_age_ms"]
    assert all(later[name] - age > 400 for name, age in ages.items()), "no frame since"
    with contextlib.closing(station.client.subscribe("preview/")) as previews:
        numbers = [each.number for each in itertools.islice(previews, 8)]
    assert len(set(numbers)) >= 4, "who looks sees it live"
    time.sleep(0.5)
    station.take_control()
    take = record(station, 0.3)
    with Take.open(station.data / "takes" / take) as opened:
        first = opened.actions.time_ns[0]
        assert all(frames.time_ns[0] - first < 50e6 for frames in opened.frames.values())
        assert opened.info.health["drops"] == {}
    station.do("discard")
    station.do("detach_policy")


def test_practice_writes_nothing(station: Station) -> None:
    taken = sorted((station.data / "takes").iterdir())
    station.do("practice")
    before = station.state()["robot"]["ee_pose"][7]
    for _ in range(8):
        station.do("twist", linear=[0.0, 0.1, 0.0], angular=[0.0, 0.0, 0.0])
        time.sleep(0.05)
    station.wait(lambda state: state["robot"]["ee_pose"][7] > before + 0.01)
    station.do("stop")
    assert sorted((station.data / "takes").iterdir()) == taken


def test_practice_is_driven_by_whom_it_names_and_by_nobody_else(station: Station) -> None:
    station.do("select_agent", name="policy")
    with pytest.raises(StationError, match="No agent 'nobody'"):
        station.do("practice", agent="nobody")
    state = station.state()
    assert (state["phase"], state["agent"]) == ("idle", "policy")
    station.do("practice", agent="keyboard")
    state = station.state()
    assert (state["phase"], state["agent"]) == ("practising", "keyboard")
    station.do("stop")


def test_a_silent_client_loses_the_lease_and_the_take_goes_to_review(station: Station) -> None:
    take = station.do("start")["take"]
    station.fall_silent()
    state = station.wait(lambda state: state["phase"] != "recording")  # a look is no sign of life
    assert (state["phase"], state["lease"], state["take"]["id"]) == ("review", None, take)
    with pytest.raises(StationError, match="Nobody holds the controls"):
        station.do("keep")
    station.take_control()
    station.do("keep")
    with Take.open(station.data / "takes" / take) as opened:
        recorded_s = (opened.actions.time_ns[-1] - opened.actions.time_ns[0]) / 1e9
        assert 0.8 < recorded_s < 2.0
        assert opened.events[-1].kind == "silence"


def test_another_client_looks_on_asks_and_takes_over(station: Station) -> None:
    with StationClient.of(station.data) as other:
        assert other.send(commands.GetStatus()).lease == LeaseStatus(client="tests")
        with pytest.raises(StationError, match="tests holds the controls"):
            other.send(commands.Acquire(client="other"))
        take = station.do("start")["take"]
        other.send(commands.Acquire(client="other", take_over=True))
        with pytest.raises(StationError, match="other holds the controls"):
            station.do("stop")
        assert other.send(commands.StopRobot()).take == take
    with Take.open(station.data / "takes" / take) as opened:
        assert [event.kind for event in opened.events] == ["start", "takeover", "stop_robot"]


def test_stop_needs_no_lease(station: Station) -> None:
    take = station.do("start")["take"]
    with StationClient.of(station.data) as passer_by:
        assert passer_by.send(commands.StopRobot()).take == take
        assert passer_by.send(commands.GetStatus()).phase == "review"
        assert passer_by.send(commands.StopRobot()).take is None


def test_a_policy_elsewhere_acts_through_its_mailbox(station: Station) -> None:
    station.do("select_agent", name="policy")
    token = station.do("attach_policy", name="test")["policy"]
    subscription = station.client.subscribe("observation", timeout_s=5)
    seen = next(subscription)
    assert isinstance(seen, PolicyObservation)
    assert sorted(seen.frames) == ["front", "wrist"]
    for frame in seen.frames.values():
        image = SharedFrames().read(frame)
        assert image is not None
        assert (image.shape, image.std() > 0) == ((256, 256, 3), True)
    assert len(pack(seen)) < 5000, "no pixels pass through the loop"
    take = station.do("start")["take"]
    target = seen.seen({}).ee_pose.copy()
    target[2, 3] += 0.03
    chunk = {"poses": [target.ravel().tolist()] * 8, "grippers": [1.0] * 8}
    for seen in itertools.islice(subscription, 20):
        station.do("chunk", policy=token, time_ns=seen.time_ns, **chunk)
    time.sleep(0.8)
    station.do("stop")
    with pytest.raises(StationError, match="not attached"):
        station.do("chunk", policy="guess", time_ns=1, **chunk)
    with Take.open(station.data / "takes" / take) as opened:
        deciders = [Decider(value) for value in opened.actions.decided_by]
        assert Decider.POLICY in deciders
        assert deciders[-1] is Decider.HOLD, "a used-up chunk means hold"
        assert abs(opened.robot.ee_pose[-1, 2, 3] - target[2, 3]) < 0.01


def test_a_dead_device_is_said_and_can_be_started_again(own_station: Station) -> None:
    take = own_station.do("start")["take"]
    time.sleep(1.0)
    killed_ns = time.monotonic_ns()
    own_station.children()["simulation"].kill()
    state = own_station.wait(lambda state: state["fault"] is not None)
    assert state["fault"]["source"] == "device"
    assert "was killed" in state["fault"]["text"]
    assert state["fault"]["remedy"] == "restart_device"
    assert (state["phase"], state["take"]["id"]) == ("review", take)
    own_station.do("keep")
    own_station.do("set_task", instruction="my own words")
    with pytest.raises(StationError, match="First: restart_device"):
        own_station.do("start")
    own_station.do("restart_device")
    own_station.wait(lambda state: state["ready"], 60)
    with Take.open(own_station.data / "takes" / take) as opened:
        assert opened.robot.time_ns[-1] > killed_ns - 250_000_000
    own_station.take_control()  # whatever this busy machine made of our beats
    assert own_station.state()["task"]["instruction"] == "my own words", "the scene is the same"
    record(own_station, 0.5)
    own_station.do("keep")
    assert check(own_station.data) == []


def test_a_dead_writer_is_said_and_what_it_wrote_is_recovered(own_station: Station) -> None:
    take = own_station.do("start")["take"]
    time.sleep(1.0)
    killed_ns = time.monotonic_ns()
    own_station.children()["writer"].kill()
    state = own_station.wait(lambda state: state["fault"] is not None)
    assert (state["fault"]["source"], state["phase"]) == ("writer", "idle")
    own_station.do("restart_writer")
    state = own_station.wait(lambda state: state["ready"], 60)
    assert [each["id"] for each in state["kept"]] == [take]
    with Take.open(own_station.data / "takes" / take) as opened:
        assert opened.info.interrupted
        assert opened.actions.time_ns[-1] > killed_ns - 250_000_000
    own_station.take_control()
    record(own_station, 0.3)


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**63), 2**63) | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
named = st.fixed_dictionaries({"command": st.sampled_from([*COMMANDS, "fly"]), "id": anything})
with_fields = st.dictionaries(
    st.sampled_from(["client", "linear", "poses", "seed", "take", "value", "x"]), anything
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=60)
    | anything.map(pack_plain)
    | st.tuples(named, with_fields).map(lambda both: pack_plain({**both[0], "fields": both[1]}))
)
def test_whatever_is_sent_is_answered_and_kills_nothing(
    shared_station: Station, sent: bytes
) -> None:
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.connect(read_endpoint(shared_station.data).command)
        socket.send(sent)
        assert socket.poll(15000), "nothing is passed over"
        answer = msgpack.unpackb(socket.recv())
        assert answer["ok"] or answer["error"]
    assert shared_station.state()["fault"] is None


def test_malformed_messages_are_answered_in_words(station: Station) -> None:
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.connect(read_endpoint(station.data).command)
        raw = [b"", b"\xc1", b"not msgpack", pack_plain(7), pack_plain({"command": "x"})]
        for payload in raw:
            socket.send(payload)
            assert socket.poll(15000), payload
            assert msgpack.unpackb(socket.recv())["ok"] is False
        socket.send_multipart([b"two", b"parts"])
        assert socket.poll(15000)
        assert "one msgpack map" in msgpack.unpackb(socket.recv())["error"]


def test_what_does_not_apply_is_refused_in_words(station: Station) -> None:
    for name, words in (
        ("stop", "Cannot stop: the session is idle"),
        ("keep", "Cannot keep: the session is idle"),
        ("restart_device", "nothing to restart"),
    ):
        with pytest.raises(StationError, match=words):
            station.do(name)
    with pytest.raises(StationError, match="No verb 'juggle'"):
        station.do("reset", verb="juggle")
    record(station, 0.2)
    with pytest.raises(StationError, match="the session is review, not idle"):
        station.do("start")


def test_the_largest_seed_is_a_scene_and_a_larger_one_is_refused(station: Station) -> None:
    assert station.do("reset", seed=2**63 - 1)["scene"]["seed"] == 2**63 - 1
    for seed in (-1, 2**63):
        with pytest.raises(BadCommand, match=r"reset.seed must be a whole number from 0"):
            station.do("reset", seed=seed)
    record(station, 0.3)
    station.do("keep")
    assert station.state()["fault"] is None


def test_a_second_station_of_a_folder_says_so(station: Station) -> None:
    command = [sys.executable, "-m", "teachloop.app.processes.station", "--data", str(station.data)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert f"process {station.process.pid}) serves {station.data} already" in second.stderr
    assert "Traceback" not in second.stderr
    assert station.state()["phase"] == "idle"


def test_the_runtime_folder_is_private_and_goes_with_the_station(own_station: Station) -> None:
    folder = Path(read_endpoint(own_station.data).command.removeprefix("ipc://")).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(str(folder / "command")) < 107
    children = own_station.children()
    own_station.close()
    assert not folder.exists()
    assert all(not child.is_running() for child in children.values())
    with pytest.raises(StationAway):
        read_endpoint(own_station.data)


def test_ending_the_station_finishes_the_take(own_station: Station) -> None:
    take = own_station.do("start")["take"]
    time.sleep(0.5)
    own_station.close()
    with Take.open(own_station.data / "takes" / take) as opened:
        assert opened.info.interrupted == ""
        assert opened.events[-1].kind == "shutdown"


def test_the_children_go_when_the_station_is_killed(own_station: Station) -> None:
    children = own_station.children()
    assert set(children) == {"simulation", "previews", "writer"}
    os.kill(own_station.process.pid, signal.SIGKILL)
    for child in children.values():
        child.wait(6)


def test_synthetic_previews_are_distinct_fresh_and_fast(new_station: Any) -> None:
    station = new_station("--source", "synthetic")
    station.do("start")
    numbers: dict[str, list[int]] = {"preview/front": [], "preview/wrist": []}
    ages_ms = []
    end = time.monotonic() + 4.0
    for frame in station.client.subscribe("preview/", timeout_s=5):
        assert isinstance(frame, Preview)
        ages_ms.append((time.monotonic_ns() - frame.time_ns) / 1e6)
        numbers[f"preview/{frame.camera}"].append(frame.number)
        assert (frame.width, frame.height) == (640, 480)
        if time.monotonic() > end:
            break
    for seen in numbers.values():
        assert len(set(seen)) == len(seen)
        assert len(seen) / 4.0 > 15  # the bar of 28 is the benchmark's: this machine is shared
    assert np.median(ages_ms) < 60


def test_a_synthetic_take_holds_every_frame_it_counts(new_station: Any) -> None:
    station = new_station("--source", "synthetic")
    take = record(station, 1.5)
    with Take.open(station.data / "takes" / take) as opened:
        for name, frames in opened.frames.items():
            assert len(frames) > 15
            for index in (0, len(frames) // 2, len(frames) - 1):
                assert frame_number(opened.image(name, index)) == frames.number[index]


def test_whoever_asks_is_told_where_its_cameras_are(station: Station) -> None:
    told = station.do("calibrations")["cameras"]
    with Take.open(station.data / "takes" / record(station, 0.4)) as take:
        assert list(told) == list(take.info.cameras)
        for name, camera in take.info.cameras.items():
            np.testing.assert_allclose(told[name]["pose"], camera.pose)
            np.testing.assert_allclose(told[name]["intrinsics"], camera.intrinsics)
            assert told[name]["mount"] == camera.mount


def test_the_loop_process_carries_no_heavy_library(station: Station) -> None:
    maps = Path(f"/proc/{station.process.pid}/maps")
    if not maps.exists():
        pytest.skip("no /proc here")
    loaded = maps.read_text()
    for name in ("torch", "gradio", "mujoco", "h5py"):
        assert f"/{name}/" not in loaded, f"the loop's process loads {name}"


def test_a_countdown_counts_down_and_can_be_stopped(station: Station) -> None:
    taken = len(list((station.data / "takes").iterdir()))
    assert station.do("start", countdown_s=30.0)["countdown_s"] == 30.0
    assert 25 < station.state()["countdown_s"] <= 30
    assert station.do("stop")["take"] is None
    assert station.state()["phase"] == "idle"
    station.do("start", countdown_s=0.3)
    station.wait(lambda state: state["phase"] == "recording")
    station.do("stop")
    assert len(list((station.data / "takes").iterdir())) == taken + 1


def test_home_brings_the_arm_back(station: Station) -> None:
    drive_away(station)
    away = station.state()
    station.do("home")
    home = KINEMATICS.forward(panda.HOME_JOINTS_RAD)[:3, 3]
    station.wait(lambda state: np.linalg.norm(place(state) - home) < 0.012)
    assert np.linalg.norm(place(away) - home) > 0.05


def next_take(**others: Any) -> dict[str, Any]:
    """The next take, by keyboard."""
    task = {"task": "clear", "instruction": "clear the table"}
    return {"countdown_s": 0.5, "agent": "keyboard", "task": task, **others}


def reviewed(station: Station) -> str:
    take = station.do("start", countdown_s=0.0)["take"]
    time.sleep(0.3)
    station.do("stop")
    return take


def test_a_kept_take_is_followed_from_home_by_the_next(station: Station) -> None:
    drive_away(station)
    first = reviewed(station)
    assert station.do("keep", next=next_take())["take"] == first
    waits = station.state()
    assert (waits["phase"], waits["waits_for"], waits["armed"]) == ("countdown", "home", True)
    assert waits["countdown_s"] == 0.5, "the seconds do not run yet"
    begun = station.wait(lambda state: state["phase"] == "recording")
    home = KINEMATICS.forward(panda.HOME_JOINTS_RAD)[:3, 3]
    assert np.linalg.norm(place(begun) - home) < 0.012
    assert begun["task"]["instruction"] == "clear the table"
    assert begun["undoable"][-1] == first
    station.do("stop")
    station.do("discard")
    assert station.state()["phase"] == "idle"


def test_stop_ends_what_follows_and_the_way_home(station: Station) -> None:
    drive_away(station)
    reviewed(station)
    station.do("discard", next=next_take())
    station.wait(lambda state: state["robot"]["speed_m_s"] > 0.05)
    station.do("stop_robot")
    held = station.wait(lambda state: not state["armed"] and state["robot"]["speed_m_s"] < 0.005)
    time.sleep(1.0)
    assert (station.state()["phase"], station.state()["waits_for"]) == ("idle", "")
    assert np.linalg.norm(place(station.state()) - place(held)) < 0.005


def test_a_simulated_scene_is_set_up_anew_for_a_task_of_another_name(station: Station) -> None:
    station.do("home")
    reviewed(station)
    asked = next_take(task={"task": "pick-novel"}, reset={"verb": "pick", "split": "novel"})
    station.do("keep", next=asked)
    assert station.state()["waits_for"] == "scene"
    begun = station.wait(lambda state: state["phase"] == "recording")
    assert (begun["scene"]["verb"], begun["scene"]["split"]) == ("pick", "novel")
    assert begun["task"]["task"] == "pick-novel"
    assert begun["task"]["instruction"] == begun["scene"]["instruction"]
    station.do("stop")
    station.do("discard")


def test_after_a_scene_that_there_is_not_nothing_begins(station: Station) -> None:
    reviewed(station)
    station.do("discard", next=next_take(reset={"verb": "juggle"}))
    assert station.wait(lambda state: not state["armed"])["phase"] == "idle"
    time.sleep(1.0)
    assert station.state()["phase"] == "idle"


def test_whoever_is_ready_sooner_begins_at_once(station: Station) -> None:
    with pytest.raises(StationError, match="Cannot begin at once: the session is idle"):
        station.do("begin_now")
    station.do("start", countdown_s=30.0)
    station.do("begin_now")
    station.wait(lambda state: state["phase"] == "recording")
    station.do("stop")
    station.do("discard")


def test_nothing_begins_at_once_while_the_arm_is_on_its_way(station: Station) -> None:
    drive_away(station)
    reviewed(station)
    station.do("discard", next=next_take())
    with pytest.raises(StationError, match="arm or scene are not ready yet"):
        station.do("begin_now")
    station.do("stop")


def drive_away(station: Station) -> None:
    station.do("practice")
    station.wait(lambda state: press_left(station) or state["robot"]["ee_pose"][7] > 0.12)
    station.do("stop")


def press_left(station: Station) -> None:
    station.do("twist", linear=[0.0, 0.2, 0.0], angular=[0.0, 0.0, 0.0])


def place(state: dict[str, Any]) -> np.ndarray:
    return np.reshape(state["robot"]["ee_pose"], (4, 4))[:3, 3]
