"""A push takes the arm from a policy, and leaving it alone gives it back."""

from dataclasses import replace

import numpy as np

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.recorder.agents.selector import POLICY, AgentSelector
from teachloop.recorder.devices.interfaces import Twist
from teachloop.recorder.devices.settings import DeviceSettings

KINEMATICS = Kinematics()

HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
PERIOD_NS = 50_000_000
INPUTS = {"keyboard": DeviceSettings(driver="keyboard")}


def keys_at(time_ns: int) -> Twist:
    """Held down then."""
    return Twist((0.1, 0.0, 0.0), (0.0, 0.0, 0.0), None, time_ns)


class Arm:
    """What its joints feel, and a policy that wants it to stay; ticks go by."""

    def __init__(self, push_nm: float) -> None:
        self.felt_nm: float | None = 0.0
        self.now_ns = 10**12
        self.target: Action | None = None
        self.agents = AgentSelector(
            INPUTS, lambda: self.target, 0.05, lambda: self.felt_nm, push_nm
        )
        self.agents.guided = True
        self.agents.select(POLICY)

    def ticks(self, count: int) -> list[Decider]:
        """Who decided."""
        return [self._tick().decided_by for _ in range(count)]

    def _tick(self) -> Action:
        self.now_ns += PERIOD_NS
        seen = Observation(
            time_ns=self.now_ns,
            joint_positions_rad=panda.HOME_JOINTS_RAD,
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=HOME,
            gripper_width_m=0.04,
        )
        self.agents.mailbox.put(self.now_ns, [HOME] * 8, [1.0] * 8)
        self.target = replace(self.agents.on_turn(moving=True).act(seen), points_rad=None)
        return self.target


def test_a_push_takes_over_at_once_and_leaving_the_arm_alone_gives_it_back() -> None:
    arm = Arm(push_nm=5.0)
    arm.felt_nm = 4.9
    assert set(arm.ticks(10)) == {Decider.POLICY}
    arm.felt_nm = 5.1
    assert arm.ticks(1) == [Decider.GUIDED]
    arm.felt_nm = 2.5  # a hand that leads a light arm
    assert set(arm.ticks(40)) == {Decider.GUIDED}
    arm.felt_nm = 0.5
    after = arm.ticks(20)
    assert after[:10] == [Decider.GUIDED] * 10
    assert after[-3:] == [Decider.POLICY] * 3
    assert after.index(Decider.POLICY) == after.count(Decider.GUIDED)  # handed over once


def test_a_light_touch_does_not_take_over_what_was_given_back() -> None:
    arm = Arm(push_nm=5.0)
    arm.felt_nm = 6.0
    arm.ticks(2)
    arm.felt_nm = 0.0
    arm.ticks(30)
    arm.felt_nm = 2.5
    assert set(arm.ticks(10)) == {Decider.POLICY}


def test_where_it_is_not_set_or_not_measured_a_push_is_no_word() -> None:
    for push_nm, felt_nm in ((0.0, 80.0), (5.0, None)):
        arm = Arm(push_nm=push_nm)
        arm.felt_nm = felt_nm
        assert set(arm.ticks(5)) == {Decider.POLICY}


def test_an_input_that_is_touched_comes_before_a_push() -> None:
    arm = Arm(push_nm=5.0)
    arm.felt_nm = 6.0
    arm.agents.press(keys_at(arm.now_ns + PERIOD_NS))
    assert arm.ticks(1) == [Decider.OPERATOR]


def test_letting_go_ends_it() -> None:
    arm = Arm(push_nm=5.0)
    arm.felt_nm = 6.0
    arm.ticks(1)
    arm.felt_nm = 0.0
    arm.agents.let_go()
    assert arm.ticks(1) == [Decider.POLICY]
