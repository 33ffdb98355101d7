from dataclasses import replace

import numpy as np

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.geometry import panda
from teachloop.geometry.poses import pose_delta
from teachloop.recorder.agents.agents import (
    HoldAgent,
    HomeAgent,
    InterventionAgent,
    PolicyMailbox,
    Twist,
    TwistAgent,
)

PERIOD_S = 0.05
PERIOD_NS = 50_000_000
HOME = panda.forward_kinematics(panda.HOME_JOINTS_RAD)
START_NS = 10**12


def seen(time_ns: int = START_NS) -> Observation:
    return Observation(
        time_ns=time_ns,
        joint_positions_rad=panda.HOME_JOINTS_RAD,
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=HOME,
        gripper_width_m=0.04,
    )


class Target:
    """The last target, as the limited robot keeps it."""

    def __init__(self) -> None:
        self.action: Action | None = None

    def __call__(self) -> Action | None:
        return self.action


def keys(
    time_ns: int, linear: tuple[float, float, float] = (0.0, 0.0, 0.0), gripper: float | None = None
) -> Twist:
    return Twist(linear, (0.0, 0.0, 0.0), gripper, time_ns)


def test_holding_keeps_the_last_target_and_its_grip() -> None:
    target = Target()
    hold = HoldAgent(target)
    first = hold.act(seen())
    assert np.allclose(first.ee_pose, HOME)
    assert (first.gripper, first.decided_by) == (0.5, Decider.HOLD)
    target.action = replace(first, gripper=0.0, decided_by=Decider.POLICY)
    assert (hold.act(seen()).gripper, hold.act(seen()).decided_by) == (0.0, Decider.HOLD)


def test_held_keys_move_the_target_by_velocity_times_period() -> None:
    target = Target()
    keyboard = TwistAgent(target, PERIOD_S)
    for tick in range(10):
        now = START_NS + tick * PERIOD_NS
        keyboard.press(keys(now, (0.1, 0.0, -0.2)))
        target.action = keyboard.act(seen(now))
        assert target.action.decided_by is Decider.OPERATOR
    assert target.action is not None
    assert np.allclose(pose_delta(HOME, target.action.ee_pose)[:3], [0.05, 0.0, -0.1])


def test_keys_fall_silent_after_200_ms() -> None:
    keyboard = TwistAgent(Target(), PERIOD_S)
    keyboard.press(keys(START_NS, (0.1, 0.0, 0.0)))
    assert keyboard.act(seen(START_NS + 199_000_000)).decided_by is Decider.OPERATOR
    held = keyboard.act(seen(START_NS + 200_000_000))
    assert held.decided_by is Decider.HOLD
    assert np.allclose(held.ee_pose, HOME)


def test_the_gripper_stays_as_the_key_left_it() -> None:
    target = Target()
    keyboard = TwistAgent(target, PERIOD_S)
    keyboard.press(keys(START_NS, gripper=0.0))
    target.action = keyboard.act(seen())
    keyboard.press(keys(START_NS + PERIOD_NS, (0.1, 0.0, 0.0)))
    target.action = keyboard.act(seen(START_NS + PERIOD_NS))
    assert target.action.gripper == 0.0
    assert keyboard.act(seen(START_NS + 10 * PERIOD_NS)).gripper == 0.0


def chunk(length: int) -> list[np.ndarray]:
    poses = [HOME.copy() for _ in range(length)]
    for index, pose in enumerate(poses):
        pose[0, 3] = index
    return poses


def test_a_chunk_is_entered_where_the_clock_stands() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    mailbox.put(START_NS, chunk(4), [1.0] * 4)
    late = mailbox.act(seen(START_NS + 2 * PERIOD_NS + 3_000_000))
    assert (late.ee_pose[0, 3], late.decided_by) == (2.0, Decider.POLICY)


def test_a_used_up_chunk_means_hold() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    assert mailbox.act(seen()).decided_by is Decider.HOLD
    mailbox.put(START_NS, chunk(4), [1.0] * 4)
    assert mailbox.act(seen(START_NS + 4 * PERIOD_NS)).decided_by is Decider.HOLD


def test_an_older_chunk_does_not_replace_a_newer_one() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    assert mailbox.put(START_NS + PERIOD_NS, chunk(4), [1.0] * 4)
    assert not mailbox.put(START_NS, chunk(8), [0.0] * 8)
    assert mailbox.act(seen(START_NS + PERIOD_NS)).gripper == 1.0


def test_a_hand_takes_over_from_the_policy_and_gives_back() -> None:
    target = Target()
    keyboard = TwistAgent(target, PERIOD_S)
    mailbox = PolicyMailbox(target, PERIOD_S)
    corrected = InterventionAgent(mailbox, by=keyboard)
    mailbox.put(START_NS, chunk(40), [0.0] * 40)
    deciders = []
    for tick in range(12):
        now = START_NS + tick * PERIOD_NS
        if 2 <= tick < 5:
            keyboard.press(keys(now, (0.0, 0.1, 0.0)))
        target.action = corrected.act(seen(now))
        assert target.action.gripper == 0.0, "taking over does not open the hand"
        deciders.append(target.action.decided_by)
    operator = [Decider.OPERATOR] * 6  # three ticks of keys, and 200 ms from the last
    assert deciders == [Decider.POLICY] * 2 + operator + [Decider.POLICY] * 4


def test_going_home_ends_at_home() -> None:
    agent = HomeAgent(Target())
    away = replace(seen(), ee_pose=HOME + np.eye(4) * 0)
    moved = away.ee_pose.copy()
    moved[0, 3] += 0.1
    agent.act(replace(away, ee_pose=moved))
    assert not agent.done
    assert np.allclose(agent.act(seen()).ee_pose, HOME)
    assert agent.done
