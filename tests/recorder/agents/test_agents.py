from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta, pose_delta
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.recorder.agents.agents import (
    HoldAgent,
    InterventionAgent,
    PolicyMailbox,
    Twist,
    TwistAgent,
)
from teachloop.recorder.agents.homing import HomeAgent

KINEMATICS = Kinematics()

PERIOD_S = 0.05
PERIOD_NS = 50_000_000
HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
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


@pytest.mark.parametrize(("yaw", "goes"), [(0.0, [0.05, 0, 0]), (np.pi / 2, [0, 0.05, 0])])
def test_in_the_hands_frame_directions_turn_with_the_hand(yaw: float, goes: list[float]) -> None:
    target = Target()
    start = panda.tool_down(yaw, [0.5, 0.0, 0.3])
    target.action = Action(ee_pose=start, gripper=1.0, decided_by=Decider.HOLD)
    mouse = TwistAgent(target, PERIOD_S)
    mouse.press(replace(keys(START_NS, (1.0, 0.0, 0.0)), frame="hand"))
    moved = pose_delta(start, mouse.act(seen()).ee_pose)
    np.testing.assert_allclose(moved, [*goes, 0, 0, 0], atol=1e-12)


def test_a_hand_that_leans_goes_up_along_itself_and_turns_about_itself() -> None:
    target = Target()
    leaning = panda.tool_down(0.0, [0.5, 0.0, 0.3])
    leaning[:3, :3] = from_rotation_vector([0, np.pi / 2, 0]) @ leaning[:3, :3]
    target.action = Action(ee_pose=leaning, gripper=1.0, decided_by=Decider.HOLD)
    mouse = TwistAgent(target, PERIOD_S)
    mouse.press(Twist((0.0, 0.0, 1.0), (0.0, 0.0, 0.4), None, START_NS, "hand"))
    moved = pose_delta(leaning, mouse.act(seen()).ee_pose)
    away = -leaning[:3, 2]  # from what the hand points at
    np.testing.assert_allclose(moved, [*(0.05 * away), *(0.02 * away)], atol=1e-12)


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
    mailbox.put(START_NS, chunk(4), [1.0] * 4)
    assert mailbox.act(seen(START_NS + 3 * PERIOD_NS)).decided_by is Decider.POLICY
    assert mailbox.act(seen(START_NS + 4 * PERIOD_NS)).decided_by is Decider.HOLD


def test_an_older_chunk_does_not_replace_a_newer_one() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    assert mailbox.put(START_NS + PERIOD_NS, chunk(4), [1.0] * 4)
    assert not mailbox.put(START_NS, chunk(8), [0.0] * 8)
    assert mailbox.act(seen(START_NS + PERIOD_NS)).gripper == 1.0


def held(mailbox: PolicyMailbox, ticks: int) -> None:
    for tick in range(ticks):
        action = mailbox.act(seen(START_NS + tick * PERIOD_NS))
        assert action.decided_by is Decider.HOLD


def test_a_first_chunk_that_was_thought_about_for_long_is_played_from_its_beginning() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    held(mailbox, ticks=20)
    mailbox.put(START_NS, chunk(4), [1.0] * 4)
    ticks = [START_NS + tick * PERIOD_NS for tick in range(20, 24)]
    assert [mailbox.act(seen(now)).ee_pose[0, 3] for now in ticks] == [0.0, 1.0, 2.0, 3.0]
    assert mailbox.act(seen(START_NS + 24 * PERIOD_NS)).decided_by is Decider.HOLD


def test_a_chunk_made_while_a_person_moved_the_arm_is_entered_where_the_clock_stands() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    mailbox.act(seen(START_NS))
    later = START_NS + 10 * PERIOD_NS  # a hand was on turn until here
    mailbox.act(seen(later))
    mailbox.put(later - PERIOD_NS, chunk(8), [1.0] * 8)
    assert mailbox.act(seen(later + PERIOD_NS)).ee_pose[0, 3] == 2.0


def test_what_was_seen_long_ago_is_not_acted_upon() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    held(mailbox, ticks=80)
    mailbox.put(START_NS, chunk(4), [1.0] * 4)
    assert mailbox.act(seen(START_NS + 80 * PERIOD_NS)).decided_by is Decider.HOLD


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


def test_a_new_chunk_takes_over_step_by_step() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    here, there = HOME, apply_delta(HOME, [0.04, 0, 0, 0, 0, 0])
    mailbox.put(START_NS, [here] * 20, [0.0] * 20)
    mailbox.act(seen(START_NS))
    mailbox.put(START_NS + PERIOD_NS, [there] * 20, [0.0] * 20)
    ticks = [START_NS + tick * PERIOD_NS for tick in range(1, 6)]
    moved = [mailbox.act(seen(now)).ee_pose[0, 3] - HOME[0, 3] for now in ticks]
    assert np.allclose(moved, [0.01, 0.02, 0.03, 0.04, 0.04])


def test_a_chunk_after_the_last_one_was_used_up_is_taken_as_it_is() -> None:
    mailbox = PolicyMailbox(Target(), PERIOD_S)
    there = apply_delta(HOME, [0.04, 0, 0, 0, 0, 0])
    mailbox.put(START_NS, [HOME] * 2, [0.0] * 2)
    later = START_NS + 10 * PERIOD_NS
    mailbox.put(later, [there] * 5, [0.0] * 5)
    assert np.allclose(mailbox.act(seen(later)).ee_pose, there)


def standing(joints: NDArray[np.float64], time_s: float = 0.0) -> Observation:
    return replace(
        seen(START_NS + round(time_s * 1e9)),
        joint_positions_rad=joints,
        ee_pose=KINEMATICS.forward(joints),
    )


def test_going_home_turns_the_joints_home_and_ends_there() -> None:
    agent = HomeAgent(Target())
    away = panda.HOME_JOINTS_RAD + np.array([0.5, 0, 0.4, 0, 0, 0, 1.0])
    asked = agent.act(standing(away))
    assert asked.decided_by == Decider.SCRIPT
    assert asked.joints_rad is not None
    assert np.array_equal(asked.joints_rad, panda.HOME_JOINTS_RAD)
    assert not agent.done
    agent.act(standing(panda.HOME_JOINTS_RAD))
    assert (agent.done, agent.gave_up) == (True, "")


def test_going_home_from_the_table_goes_up_first() -> None:
    low = KINEMATICS.inverse(panda.tool_down(0.3, [0.4, 0.1, 0.02]), panda.HOME_JOINTS_RAD)
    asked = HomeAgent(Target()).act(standing(low))
    assert asked.joints_rad is None
    assert asked.ee_pose[2, 3] > 0.15
    assert np.allclose(asked.ee_pose[:2, 3], [0.4, 0.1], atol=1e-3)


def test_an_arm_that_does_not_come_home_says_so_and_is_left_alone() -> None:
    agent = HomeAgent(Target())
    stuck = panda.HOME_JOINTS_RAD + np.array([0.5, 0, 0, 0, 0, 0, 0])
    agent.act(standing(stuck))
    agent.act(standing(stuck, 2.9))
    assert not agent.done
    assert agent.act(standing(stuck, 3.1)).decided_by == Decider.HOLD
    assert agent.done
    assert "29° away" in agent.gave_up
