"""Between the station and a policy: observations one way, chunks of actions the other."""

import base64
import json
import sys
import time
from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action
from ...recorder.station.client import StationClient
from ...recorder.station.commands import Chunk
from ...recorder.station.published import OBSERVATION, STATE, PolicyObservation
from ...recorder.station.status import Status
from ...runtime.ipc.frames import SharedFrames
from ...training.policies.attention import brightness
from ...training.policies.chunk_agent import ChunkAgent
from ...training.serving.client import RemoteAgent

# While a person drives, the newest chunk should begin where the person left the arm.
CORRECTED_S = 0.1
STATION_SILENT_S = 5.0

Map: TypeAlias = dict[str, int | str]


class Instructed(Protocol):
    """Whoever knows what is to be done now."""

    @property
    def agent(self) -> ChunkAgent: ...


def drive(client: StationClient, instructed: Instructed, token: str, rate_hz: float) -> None:
    """Answer observations of a station of ``rate_hz`` until it is silent. Raises StationError
    when detached."""
    moving, answered_ns, frames, tick_ns = False, 0, SharedFrames(), round(1e9 / rate_hz)
    for seen, corrected in newest(client, tick_ns):
        agent = instructed.agent
        began = seen.phase in ("recording", "practising")
        if began and not moving:
            agent.reset()
            answered_ns = 0
        moving = began
        every_ns = CORRECTED_S * 1e9 if corrected else agent.execute * tick_ns
        due = seen.time_ns - answered_ns >= every_ns - tick_ns / 2
        if moving and due and answer(client, agent, token, seen, frames):
            answered_ns = seen.time_ns


def newest(client: StationClient, tick_ns: int) -> Iterator[tuple[PolicyObservation, bool]]:
    """Observations, without those that are a tick old, as the last one was thought about; with
    each, whether a person drives. Ends when the station falls silent."""
    corrected = False
    stream = client.subscribe(OBSERVATION, STATE, timeout_s=STATION_SILENT_S)
    for message in stream:
        if isinstance(message, Status):
            corrected = message.decided_by == "operator"
        elif isinstance(message, PolicyObservation) and message.age_ns < tick_ns:
            yield message, corrected


def answer(
    client: StationClient,
    agent: ChunkAgent,
    token: str,
    seen: PolicyObservation,
    frames: SharedFrames,
) -> bool:
    """Put what to do into the mailbox; False where a frame was gone before it was looked at."""
    began = time.monotonic()
    actions = planned(agent, seen, frames)
    if not actions:
        return False
    client.send(
        Chunk(
            policy=token,
            time_ns=seen.time_ns,
            poses=[action.ee_pose.ravel().tolist() for action in actions],
            grippers=grippers(actions),
        )
    )
    maps = {name: packed(grid) for name, grid in agent.attention.items()}
    thought_ms = 1e3 * (time.monotonic() - began)
    tell(maps=maps, thought_ms=thought_ms, exchanged=agent.exchanged)
    return True


def grippers(actions: list[Action]) -> list[float] | None:
    """None where there is no gripper."""
    asked = [action.gripper for action in actions if action.gripper is not None]
    return asked or None


def planned(agent: ChunkAgent, seen: PolicyObservation, frames: SharedFrames) -> list[Action]:
    """What the agent would do. On this machine it is told where the frames lie; one that is
    elsewhere is sent their pixels."""
    if isinstance(agent, RemoteAgent) and agent.shares_memory:
        return agent.chunk_of(seen.seen({}), seen.frames)
    read = {name: frames.read(frame) for name, frame in seen.frames.items()}
    images = {name: image for name, image in read.items() if image is not None}
    return agent.chunk(seen.seen(images)) if len(images) == len(read) else []


def packed(grid: NDArray[np.float32]) -> Map:
    """A probability map (height, width) as bytes, 255 the brightest, for a page."""
    scaled = np.round(255 * brightness(grid)).astype(np.uint8)
    height, width = grid.shape
    values = base64.b64encode(scaled.tobytes()).decode("ascii")
    return {"height": height, "width": width, "values": values}


def tell(**message: str | float | dict[str, Map]) -> None:
    """One line to the web process."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
