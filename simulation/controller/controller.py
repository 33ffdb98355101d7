"""What the robot's own computer does each millisecond: it takes the answer to its last state,
moves the arm, and says the next state. It knows no sockets."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from ...datasets.steps import Pose
from ...geometry.arms import ARMS
from ...geometry.rotations import Array
from ..robot_spec import RobotSpec
from .arm import GRAVITY_M_S2, Arm
from .watch import JointCommands, Thresholds, judge_arm, judge_torques, judge_touch
from .wire import STATE, Controller, Fault, Generator, Mode, MoveStatus, Record

MISSED_IN_A_ROW = 20  # commands, after which the robot gives up
PATIENCE = 500  # states until the first command of a motion has to be there
HAND_KG = 0.73


@dataclass(slots=True)
class Motion:
    """A motion that was asked for and has not ended."""

    number: int  # of the request
    controller: Controller
    generator: Generator
    judge: JointCommands
    torques_nm: Array = field(default_factory=lambda: np.zeros(7))
    started: bool = False  # its first command was there
    missed: int = 0  # commands, one after another


class RobotController:
    """One robot. ``ended`` collects the motions that ended, and how."""

    def __init__(self, arm: Arm) -> None:
        self.arm = arm
        self._limits = ARMS[arm.scene.robot.arm]
        self.mode = Mode.IDLE
        self.ended: deque[tuple[int, MoveStatus]] = deque()
        self.thresholds = Thresholds()
        self.ticks = 0
        self._motion: Motion | None = None
        self._errors: set[Fault] = set()
        self._reason: set[Fault] = set()
        self._answered: deque[bool] = deque(maxlen=100)
        self._held = arm.joints_rad
        self._record = _first_state(arm.scene.robot)

    @property
    def moving(self) -> bool:
        """Whether commands are expected."""
        return self._motion is not None

    def mount(self, nominal_to_tool: Pose) -> None:
        """A client says where its end effector is (4, 4), seen from the one that Desk knows."""
        self.arm.mount(self.arm.scene.robot.flange_to_tool @ nominal_to_tool)
        self._record["NE_T_EE"] = nominal_to_tool.T.ravel()
        self._record["F_T_EE"] = self.arm.flange_to_tool.T.ravel()

    def begin(self, number: int, controller: Controller, generator: Generator) -> MoveStatus:
        """Start a motion, whose commands answer the states from now on."""
        known = controller == Controller.EXTERNAL or generator == Generator.JOINT_POSITION
        if not known:
            return MoveStatus.INVALID_ARGUMENT
        if self._motion is not None or self.mode != Mode.IDLE or self._errors:
            return MoveStatus.NOT_POSSIBLE
        judge = JointCommands(self._held, self._limits)
        self._motion = Motion(number, controller, generator, judge)
        self._answered.clear()
        self.mode = Mode.MOVE
        return MoveStatus.STARTED

    def cancel(self) -> None:
        """Whoever commands wants the motion to end, or is gone."""
        if self._motion is not None:
            self._end(MoveStatus.PREEMPTED, Mode.IDLE)

    def recover(self) -> bool:
        """Forget the errors; False where a person has to act at the robot first."""
        if self.mode in (Mode.USER_STOPPED, Mode.OTHER):
            return False
        self._errors.clear()
        if self.mode == Mode.REFLEX:
            self.mode = Mode.IDLE
        return True

    def stop_by(self, fault: Fault) -> None:
        """The robot stops by itself."""
        self._errors.add(fault)
        self._reason = {fault}
        self._end(MoveStatus.REFLEX, Mode.REFLEX)

    def switch(self, mode: Mode) -> None:
        """What a person does at the robot: the user stop, guiding by its buttons, the brakes."""
        self._end(MoveStatus.EMERGENCY, mode)

    def tick(self, command: Record | None) -> Record:
        """One millisecond, with the answer to the last state, where it came in time."""
        self.ticks += 1
        self._move(command)
        arm = self.arm
        fault = judge_arm(arm.joints_rad, arm.speeds_rad_s, self._limits) or judge_touch(
            arm.external_nm, arm.external_wrench, self.thresholds
        )
        if fault is not None and self.mode in (Mode.IDLE, Mode.MOVE) and not self._errors:
            self.stop_by(fault)
        return self._state()

    def _move(self, command: Record | None) -> None:
        motion = self._motion
        if motion is None:
            self._stay()
            return
        self._answered.append(command is not None)
        if command is None:
            self._miss(motion)
        else:
            motion.started, motion.missed = True, 0
            self._obey(motion, command)

    def _miss(self, motion: Motion) -> None:
        """No answer came: the last one stands for a while."""
        motion.missed += 1
        if motion.missed >= (MISSED_IN_A_ROW if motion.started else PATIENCE):
            self.stop_by(Fault.COMMUNICATION_CONSTRAINTS)
            self._stay()
        elif motion.started and motion.controller == Controller.EXTERNAL:
            self.arm.drive(motion.torques_nm)
        else:
            self._stay()

    def _obey(self, motion: Motion, command: Record) -> None:
        external = motion.controller == Controller.EXTERNAL
        wanted = command["tau_J_d"] if external else command["q_c"]
        fault = judge_torques(motion.torques_nm, wanted) if external else motion.judge.judge(wanted)
        if fault is not None:
            self.stop_by(fault)
            self._stay()
            return
        if external:
            motion.torques_nm = wanted.copy()
            self.arm.drive(wanted)
        else:
            self._held = wanted.copy()
            self.arm.hold(wanted, motion.judge.speeds_rad_s)
        if command["motion_finished"]:
            self._end(MoveStatus.SUCCESS, Mode.IDLE)

    def _end(self, status: MoveStatus, mode: Mode) -> None:
        motion, self._motion = self._motion, None
        self.mode = mode
        if motion is None:
            return
        self.ended.append((motion.number, status))
        if motion.controller == Controller.EXTERNAL:
            self._held = self.arm.joints_rad

    def _stay(self) -> None:
        if self.mode == Mode.GUIDING:
            self.arm.drive(np.zeros(7))
            self._held = self.arm.joints_rad
        else:
            self.arm.hold(self._held, np.zeros(7))

    def _state(self) -> Record:
        state, arm, motion = self._record, self.arm, self._motion
        state["message_id"] = self.ticks
        pose = arm.pose.T.ravel()
        for name in ("O_T_EE", "O_T_EE_d", "O_T_EE_c"):
            state[name] = pose
        state["q"], state["dq"] = arm.joints_rad, arm.speeds_rad_s
        state["theta"], state["dtheta"] = state["q"], state["dq"]
        state["q_d"] = self._held if motion is None else arm.joints_rad
        state["tau_J"] = arm.torques_nm
        state["tau_J_d"] = 0.0 if motion is None else motion.torques_nm
        state["tau_ext_hat_filtered"] = arm.external_nm
        state["O_F_ext_hat_K"] = arm.external_wrench
        state["m_load"], state["F_x_Cload"] = arm.load.mass_kg, arm.load.centre_m
        state["I_load"] = arm.load.inertia_kg_m2
        state["elbow"] = [state["q"][2], -1.0 if state["q"][3] < -0.0698 else 1.0]
        self._say_mode(state, motion)
        return state

    def _say_mode(self, state: Record, motion: Motion | None) -> None:
        state["robot_mode"] = self.mode
        state["motion_generator_mode"] = 0 if motion is None else motion.generator + 1
        state["controller_mode"] = Controller.OTHER if motion is None else motion.controller
        answered = self._answered
        state["control_command_success_rate"] = (
            sum(answered) / len(answered) if motion is not None and answered else 0.0
        )
        for name, faults in (("errors", self._errors), ("reflex_reason", self._reason)):
            state[name] = 0
            state[name][list(faults)] = 1


def _first_state(robot: RobotSpec) -> Record:
    """What does not change from state to state."""
    state = np.zeros((), STATE)
    for name in ("EE_T_K", "NE_T_EE"):
        state[name] = np.eye(4).ravel()
    for name in ("F_T_EE", "F_T_NE"):
        state[name] = robot.flange_to_tool.T.ravel()
    state["m_ee"] = HAND_KG if robot.hand else 0.0
    state["O_ddP_O"] = [0.0, 0.0, -GRAVITY_M_S2]
    return state
