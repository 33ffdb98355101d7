"""The agents of a station, and whose turn it is."""

from collections.abc import Callable, Mapping, Sequence

from ...datasets.steps import Pose
from ...runtime.errors import TeachloopError
from ...simulation.expert import ScriptedExpert
from ...simulation.scenes import SceneSpec
from ..devices.interfaces import Agent, Twist
from ..devices.scene import SceneDescription
from ..devices.settings import PAGE_DRIVERS, SCRIPT_DRIVER, DeviceSettings
from .agents import (
    HoldAgent,
    InterventionAgent,
    LastTarget,
    PolicyMailbox,
    TeleopDevices,
    TwistAgent,
)
from .guiding import GuideAgent
from .homing import HomeAgent
from .pushing import Felt, PushedHand
from .replaying import ReplayAgent
from .viewing import Cameras, no_cameras

POLICY, HOLD, GUIDE = "policy", "hold", "guide"


class NoAgent(TeachloopError):
    """An agent that cannot act at this station now."""


class AgentSelector:
    """All agents: each input by its name, a person's hand on the arm where that can be
    ``guided``, the policy, and holding still. ``name`` is the chosen one's. A person can always
    correct a policy: by an input, or by a push of ``push_nm`` that is ``felt``. ``cameras``:
    by whose pictures inputs may be driven."""

    def __init__(
        self,
        inputs: Mapping[str, DeviceSettings],
        last_target: LastTarget,
        period_s: float,
        felt: Felt = lambda: None,
        push_nm: float = 0.0,
        cameras: Cameras = no_cameras,
    ) -> None:
        self._inputs = list(inputs)
        self.guided = False
        self.name = self.names[0]
        self.mailbox = PolicyMailbox(last_target, period_s)
        self.hold = HoldAgent(last_target)
        self.homing: HomeAgent | None = None
        self.replaying: ReplayAgent | None = None
        self._gave_up = ""
        self._scripts = [name for name, each in inputs.items() if each.driver == SCRIPT_DRIVER]
        self._pages = [name for name, each in inputs.items() if each.driver in PAGE_DRIVERS]
        self._hands = {
            name: TwistAgent(last_target, period_s, cameras)
            for name in inputs
            if name not in self._scripts
        }
        self._expert: ScriptedExpert | None = None
        self.last_target = last_target
        self._guide = GuideAgent(last_target, period_s, cameras)
        pushed = PushedHand(felt, push_nm, self._guide)
        self._hand = TeleopDevices([*self._hands.values(), pushed], last_target)
        self._corrected = InterventionAgent(self.mailbox, by=self._hand)

    @property
    def names(self) -> Sequence[str]:
        """Of those that can be chosen."""
        return [*self._inputs, *([GUIDE] if self.guided else []), POLICY, HOLD]

    def set_scene(
        self, scene: SceneDescription | None, poses: Callable[[], Mapping[str, Pose]]
    ) -> None:
        """The script knows one scene; another scene takes another one."""
        self._expert = None
        if scene is not None:
            self._expert = ScriptedExpert(SceneSpec.from_json(scene.json_text), poses, scene.seed)

    def select(self, name: str) -> None:
        """Choose who acts when the session moves. Raises NoAgent."""
        if name not in self.names:
            raise NoAgent(f"No agent {name!r} at this station. It has: {', '.join(self.names)}.")
        if name in self._scripts and self._expert is None:
            others = ", ".join(each for each in self.names if each not in self._scripts)
            raise NoAgent(f"The script knows simulated scenes only. Choose one of: {others}.")
        self.name = name
        self.chosen.reset()

    @property
    def chosen(self) -> Agent:
        """The agent that was selected, or a replay in its place."""
        if self.replaying is not None:
            return self.replaying
        if self.name in self._scripts:
            return self._expert or self.hold
        if self.name == POLICY:
            return self._corrected
        if self.name == GUIDE:
            return self._guide
        return self._hands.get(self.name, self.hold)

    @property
    def done(self) -> bool:
        """Whether a script, or a replay, came to its end."""
        if self.replaying is not None:
            return self.replaying.done
        return self.name in self._scripts and self._expert is not None and self._expert.done

    def press(self, twist: Twist) -> None:
        """What keys, or another input of a page, ask for."""
        self._guide.press(twist)
        for name in self._pages:
            self._hands[name].press(twist)

    def moved(self, name: str, twist: Twist) -> None:
        """What the hand at an input asks for."""
        self._guide.press(twist)
        self._hands[name].press(twist)

    def asked(self, name: str, now_ns: int) -> Twist | None:
        """What the hand at an input asks for now; None where that is nothing."""
        hand = self._hands.get(name)
        return hand.asked(now_ns) if hand is not None else None

    def on_turn(self, moving: bool) -> Agent:
        """Who acts at this tick."""
        if self.homing is not None and self.homing.done:
            self._gave_up, self.homing = self.homing.gave_up, None
        return self.homing or (self.chosen if moving else self.hold)

    def gave_up(self) -> str:
        """Why the arm did not come home, or along its way, once; else empty."""
        reason, self._gave_up = self._gave_up, ""
        if self.replaying is not None and not reason:
            reason, self.replaying.gave_up = self.replaying.gave_up, ""
        return reason

    def go_home(self) -> None:
        """Bring the arm home, from the next tick on."""
        self.homing = HomeAgent(self.last_target)

    def let_go(self) -> None:
        """All hands let go."""
        self._hand.reset()
        self._guide.reset()

    def rest(self) -> None:
        """Everybody lets go."""
        self.homing = None
        self.let_go()
        self.mailbox.reset()
