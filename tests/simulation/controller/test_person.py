import numpy as np

from teachloop.simulation.controller.arm import Arm
from teachloop.simulation.controller.controller import RobotController
from teachloop.simulation.controller.person import Person
from teachloop.simulation.controller.wire import Mode
from teachloop.simulation.tasks import sample_scene


def test_a_person_leads_an_arm_that_floats_and_lets_it_go() -> None:
    arm = Arm(sample_scene(3))
    robot, person = RobotController(arm), Person(arm)
    robot.switch(Mode.GUIDING)
    goal = arm.pose[:3, 3] + [0.05, 0.05, 0.05]
    person.lead([goal.tolist()], 2.0)
    for _ in range(2000):
        person.act()
        robot.tick(None)
    assert np.linalg.norm(arm.pose[:3, 3] - goal) < 0.015
    person.act()
    assert not arm.wrench.any(), "the person let go"


def test_a_push_lasts_as_long_as_it_was_to() -> None:
    arm = Arm(sample_scene(3))
    person = Person(arm)
    person.push(np.array([0.0, 5.0, 0, 0, 0, 0]), 0.1)
    felt = []
    for _ in range(200):
        person.act()
        felt.append(arm.wrench[1])
    assert felt.count(5.0) in (100, 101)
    assert felt[-1] == 0.0
