"""What is at a robot's flange, as settings and takes tell of it."""

import numpy as np

from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.tool import FRANKA_HAND, Payload, Tool, in_words
from teachloop.geometry.panda import HAND_TOOL

ROUNDED = [[0.7071, 0.7071, 0], [-0.7071, 0.7071, 0], [0, 0, 1]]


def tool(rotation: list[list[float]] | None = None, **position: float) -> Tool:
    place = [position.get(axis, 0.0) for axis in "xyz"]
    return Tool.model_validate(
        {"position_m": place, **({"rotation": rotation} if rotation else {})}
    )


def test_a_rotation_that_was_rounded_in_writing_is_one_again() -> None:
    rotation = tool(ROUNDED, z=0.1034).pose[:3, :3]
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(rotation, HAND_TOOL[:3, :3], atol=1e-4)


def test_what_is_known_exactly_stays_as_it_is() -> None:
    np.testing.assert_array_equal(FRANKA_HAND.pose, HAND_TOOL)


def test_a_tool_that_was_measured_twice_is_the_same_one() -> None:
    assert FRANKA_HAND.same_as(tool(ROUNDED, z=0.105))
    longer = tool(ROUNDED, z=0.1234)
    assert not FRANKA_HAND.same_as(longer)
    assert in_words(FRANKA_HAND, longer) == "20 mm and 0°"
    turned = tool(z=0.1034)
    assert not FRANKA_HAND.same_as(turned)
    assert in_words(FRANKA_HAND, turned) == "0 mm and 45°"


def test_a_take_says_what_was_mounted_and_those_of_before_had_a_franka_hand() -> None:
    payload = Payload(mass_kg=0.4, centre_m=(0.0, 0.01, 0.15))
    info = TakeInfo(take_id="a", created="", created_time_ns=0, tool=tool(z=0.2), payload=payload)
    told = info.to_dict()
    assert TakeInfo.from_dict(told).tool == tool(z=0.2)
    assert TakeInfo.from_dict(told).payload == payload
    del told["tool"], told["payload"]
    before = TakeInfo.from_dict(told)
    assert (before.tool, before.payload) == (FRANKA_HAND, None)
