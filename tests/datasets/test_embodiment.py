"""Whose numbers poses and actions are."""

from teachloop.datasets.embodiment import FRANKA, Embodiment, Gripper
from teachloop.datasets.tool import Tool

LONGER = Tool(position_m=(0.0, 0.0, 0.1234), rotation=FRANKA.tool.rotation)


def test_what_is_alike_is_no_matter_of_words() -> None:
    assert FRANKA.unlike(FRANKA) == ""
    pincers = Embodiment(gripper=Gripper(driver="lab:Pincers", opening_m=0.05))
    assert FRANKA.unlike(pincers) == "", "a gripper is a gripper, as far as it is open"


def test_another_tool_and_a_gripper_that_only_one_has_are_told_apart() -> None:
    assert "20 mm and 0° from that of the one" in FRANKA.unlike(Embodiment(tool=LONGER))
    bare = Embodiment(gripper=None)
    assert FRANKA.unlike(bare) == "with a gripper, and there is none"
    assert bare.unlike(FRANKA) == "without a gripper, and there is one"
