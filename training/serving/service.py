"""One policy that answers several clients, one at a time."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from ...datasets.embodiment import FRANKA, Embodiment
from ...datasets.errors import WrongRecord
from ...datasets.steps import Image
from ...datasets.takes.jpeg import decode_jpeg, jpeg_size
from ...geometry.camera import Camera
from ...runtime.ipc.frames import SharedFrame, SharedFrames
from ..policies.chunk_agent import ChunkAgent
from ..policies.interface import LoadedPolicy
from .actions import ARM_NAMES, to_rows
from .arrays import NotUnderstood
from .observations import to_observation
from .protocol import (
    ARM_STATE_NAMES,
    LARGEST_SIDE,
    Facts,
    Metadata,
    Picture,
    Reply,
    Report,
    Request,
    Sight,
    Timing,
)

REMEMBERED = 200  # answers that the latency is measured over


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """For people and for whoever watches the machine."""

    policy: str
    answers: int
    p50_ms: float | None
    p95_ms: float | None


class PolicyService:
    """Makes agents of one policy, and lets one think at a time.

    ``cameras`` is taken where a client sends no calibration, and what is ``mounted`` at the arm
    where it sends no pose. Only with ``frames`` may an image
    be a reference into shared memory, which is for clients of this very machine.
    """

    def __init__(
        self,
        name: str,
        policy: LoadedPolicy,
        cameras: Mapping[str, Camera] | None = None,
        frames: SharedFrames | None = None,
        mounted: Embodiment = FRANKA,
    ) -> None:
        self.mounted = mounted
        self.name, self.policy = name, policy
        self.cameras, self.frames = cameras or {}, frames
        self.answers = 0
        self._thought_ms: deque[float] = deque(maxlen=REMEMBERED)
        self._thinking = asyncio.Lock()

    @property
    def metadata(self) -> Metadata:
        facts = Facts(policy=self.name, control_hz=self.policy.rate_hz)
        if self.mounted.gripper is None:
            facts = facts.model_copy(update={"state": ARM_STATE_NAMES, "actions": ARM_NAMES})
        return Metadata(teachloop=facts)

    async def begin(self, prompt: str) -> ChunkAgent:
        """The agent of a new run."""
        async with self._thinking:
            return await asyncio.to_thread(self.policy, prompt)

    async def answer(self, agent: ChunkAgent, request: Request) -> Reply:
        """What the agent does about a request. Raises NotUnderstood, MissingCamera."""
        async with self._thinking:
            reply = await asyncio.to_thread(self._answer, agent, request)
        self._thought_ms.append(reply.server_timing.infer_ms)
        self.answers += 1
        return reply

    def _answer(self, agent: ChunkAgent, request: Request) -> Reply:
        pictures = {name: self._image(name, each) for name, each in request.images.items()}
        images = {name: image for name, image in pictures.items() if image is not None}
        if len(images) < len(pictures):
            gone = tuple(name for name in pictures if name not in images)
            return Reply(actions=to_rows([]), teachloop=Report(execute=1, overwritten=gone))
        observation = to_observation(request, images, self.cameras, self.mounted)
        began = time.monotonic()
        rows = to_rows(agent.chunk(observation))
        timing = Timing(infer_ms=1e3 * (time.monotonic() - began))
        # openpi's clients cut every array of a reply into ticks, so it holds no other for them.
        ours = Report(
            execute=agent.execute, attention=dict(agent.attention), exchanged=agent.exchanged
        )
        return Reply(
            actions=rows, server_timing=timing, teachloop=ours if request.teachloop else None
        )

    def _image(self, name: str, picture: Picture) -> Image | None:
        """None where its frame was overwritten. Raises NotUnderstood, NotShared."""
        if isinstance(picture, bytes):
            return _decoded(name, picture)
        if not isinstance(picture, SharedFrame):
            return picture
        if self.frames is None:
            raise NotUnderstood(f"images.{name}: this server takes pixels and JPEGs only")
        return self.frames.read(picture)

    def summary(self) -> ServiceSummary:
        ordered = sorted(self._thought_ms)
        p50, p95 = (
            ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
            for share in (0.5, 0.95)
        )
        return ServiceSummary(self.name, self.answers, p50, p95)


def _decoded(name: str, jpeg: bytes) -> Image:
    """Raises NotUnderstood, also where a few bytes would unfold to gigabytes."""
    try:
        if max(jpeg_size(jpeg)) <= LARGEST_SIDE:
            return decode_jpeg(jpeg)
    except WrongRecord as error:
        raise NotUnderstood(f"images.{name}: {error}") from error
    raise NotUnderstood(f"images.{name}: more than {LARGEST_SIDE} pixels wide or high")


class Conversation:
    """One client's requests; another prompt or run number is another run, with an agent of its
    own, which knows nothing of the last."""

    def __init__(self, service: PolicyService) -> None:
        self._service = service
        self._agent: ChunkAgent | None = None
        self._run: tuple[str, int] | None = None

    async def answer(self, request: Request) -> Reply:
        """Raises TeachloopError in words for the client."""
        sight = request.teachloop or Sight()
        agent = await self._agent_of(request.prompt, sight.run)
        if sight.begin:
            return Reply(actions=to_rows([]), teachloop=Report(execute=agent.execute))
        return await self._service.answer(agent, request)

    async def _agent_of(self, prompt: str, run: int) -> ChunkAgent:
        if self._agent is None or self._run != (prompt, run):
            self._agent = await self._service.begin(prompt)
            self._run = prompt, run
        return self._agent
