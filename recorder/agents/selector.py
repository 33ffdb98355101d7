"""The agents of a station, and whose turn it is."""

from collections.abc import Callable, Mapping

from ...datasets.steps import Pose
from ...runtime.errors import TeachloopError
from ...simulation.expert import ScriptedExpert
from ...simulation.scenes import SceneSpec
from ..devices.interfaces import Agent
from ..devices.scene import SceneDescription
from .agents import (
    HoldAgent,
    HomeAgent,
    InterventionAgent,
    KeyboardAgent,
    LastTarget,
    PolicyMailbox,
)


class NoAgent(TeachloopError):
    """An agent that cannot act at this station now."""


class AgentSelector:
    """All agents; ``name`` is the chosen one's. A person can always correct a policy."""

    def __init__(self, last_target: LastTarget, period_s: float) -> None:
        self.name = "keyboard"
        self.keyboard = KeyboardAgent(last_target, period_s)
        self.mailbox = PolicyMailbox(last_target, period_s)
        self.hold = HoldAgent(last_target)
        self.homing: HomeAgent | None = None
        self.expert: ScriptedExpert | None = None
        self._last_target = last_target
        self._corrected = InterventionAgent(self.mailbox, by=self.keyboard)

    def set_scene(
        self, scene: SceneDescription | None, poses: Callable[[], Mapping[str, Pose]]
    ) -> None:
        """The script knows one scene; another scene takes another one."""
        self.expert = None
        if scene is not None:
            self.expert = ScriptedExpert(SceneSpec.from_json(scene.json_text), poses, scene.seed)

    def select(self, name: str) -> None:
        """Choose who acts when the session moves."""
        if name == "expert" and self.expert is None:
            raise NoAgent("The script knows simulated scenes only. Choose keyboard or policy.")
        self.name = name
        self.chosen.reset()

    @property
    def chosen(self) -> Agent:
        """The agent that was selected."""
        agents = {"keyboard": self.keyboard, "policy": self._corrected, "expert": self.expert}
        return agents.get(self.name) or self.hold

    @property
    def done(self) -> bool:
        """Whether a script came to its end."""
        return self.name == "expert" and self.expert is not None and self.expert.done

    def on_turn(self, moving: bool) -> Agent:
        """Who acts at this tick."""
        if self.homing is not None and self.homing.done:
            self.homing = None
        return self.homing or (self.chosen if moving else self.hold)

    def go_home(self) -> None:
        """Bring the arm home, from the next tick on."""
        self.homing = HomeAgent(self._last_target)

    def rest(self) -> None:
        """Everybody lets go."""
        self.homing = None
        self.keyboard.reset()
        self.mailbox.reset()
