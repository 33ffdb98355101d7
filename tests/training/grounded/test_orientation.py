"""How a thing is turned is seen by any camera, at any height, from its outline and its edges."""

from typing import NamedTuple

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from teachloop.geometry.camera import Camera
from teachloop.training.data.preprocessing import proprioception, rays, to_pixels
from teachloop.training.grounded.orientation import (
    NUMBERS,
    ORDERS,
    in_mirror,
    orientations,
    seen_from_hand,
)

SIZE, SIDE = 256, 32
HEIGHT_M = 0.025
PLACE_M = np.array([0.5, 0.05])


class View(NamedTuple):
    """What a camera sees of one thing on a table."""

    image: Tensor  # (1, 3, s, s)
    origin: Tensor  # (1, 3)
    direction: Tensor  # (1, 3, 3)
    region: Tensor  # (1, 1, cells²)

    def orientation(self) -> Tensor:
        """(NUMBERS,)."""
        return orientations(*self, HEIGHT_M)[0, 0]


def camera_at(eye_m: tuple[float, float, float]) -> Camera:
    """One that looks at where the thing lies."""
    eye, aim = np.array(eye_m), np.array([*PLACE_M, 0.0])
    ahead = (aim - eye) / np.linalg.norm(aim - eye)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(ahead, right), ahead], 1)
    pose[:3, 3] = eye
    lens = np.array([[500.0, 0, SIZE / 2], [0, 500.0, SIZE / 2], [0, 0, 1]])
    return Camera(name="a", width=SIZE, height=SIZE, intrinsics=lens, mount="base", pose=pose)


def view(corners_m: np.ndarray, eye_m: tuple[float, float, float], top_m: float = 0.04) -> View:
    """A flat thing with these corners (n, 2) about its middle, so high above the table."""
    camera = camera_at(eye_m)
    around = np.c_[corners_m + PLACE_M, np.full(len(corners_m), top_m)]
    inside = (around - camera.pose[:3, 3]) @ camera.pose[:3, :3]
    pixels = inside @ camera.intrinsics.T
    drawn = np.full((SIZE, SIZE, 3), 90, np.uint8)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    found = np.round(16 * (pixels[:, :2] / pixels[:, 2:])).astype(np.int32)
    cv2.fillPoly(drawn, [found], (200, 60, 40), cv2.LINE_AA, shift=4)
    cv2.fillPoly(mask, [found], 1, shift=4)
    share = cv2.resize(
        cv2.dilate(mask, np.ones((5, 5))).astype(np.float32),
        (SIDE, SIDE),
        interpolation=cv2.INTER_AREA,
    )
    origin, direction = rays({"a": camera}, np.eye(4), ["a"])
    region = torch.from_numpy(share).flatten() / share.sum()
    return View(
        to_pixels(drawn)[None],
        torch.from_numpy(origin),
        torch.from_numpy(direction),
        region[None, None],
    )


def polygon(corners: int, radius_m: float, yaw: float) -> np.ndarray:
    angles = yaw + 2 * np.pi * np.arange(corners) / corners
    return radius_m * np.stack([np.cos(angles), np.sin(angles)], 1)


def oblong(yaw: float) -> np.ndarray:
    half = np.array([[0.045, 0.015], [-0.045, 0.015], [-0.045, -0.015], [0.045, -0.015]])
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    return half @ turn.T


def number(turn: Tensor, order: int) -> complex:
    at = 2 * ORDERS.index(order)
    return complex(*turn[at : at + 2].tolist())


def off_deg(found: complex, order: int, yaw: float) -> float:
    """Between an angle that is told and a yaw, which both stand for all that look alike."""
    return float(np.degrees(np.angle(found * np.exp(-1j * order * yaw))) / order)


EYES = [(0.5, 0.05, 0.6), (1.0, 0.3, 0.5), (0.35, -0.2, 0.35)]


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("yaw", [-0.6, 0.0, 0.2, 0.7])
def test_a_box_is_turned_as_its_edges_run(eye: tuple[float, float, float], yaw: float) -> None:
    square = view(polygon(4, 0.035, yaw + np.pi / 4), eye).orientation()
    assert abs(off_deg(number(square, 4), 4, yaw)) < 2.0
    assert abs(number(square, 4)) > 0.6
    assert abs(number(square, 6)) < 0.3


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("yaw", [-0.9, 0.1, 1.2])
def test_an_oblong_is_turned_as_it_is_long(eye: tuple[float, float, float], yaw: float) -> None:
    brick = view(oblong(yaw), eye).orientation()
    assert abs(off_deg(number(brick, 2), 2, yaw)) < 12.0
    assert abs(number(brick, 2)) > 0.4
    assert abs(off_deg(number(brick, 4), 4, yaw)) < 2.0


@pytest.mark.parametrize("yaw", [0.0, 0.3])
def test_a_hexagon_has_six_sides(yaw: float) -> None:
    """Each of which runs as the line from the middle to a corner."""
    hexagon = view(polygon(6, 0.035, yaw), EYES[0]).orientation()
    assert abs(off_deg(number(hexagon, 6), 6, yaw)) < 2.0
    assert abs(number(hexagon, 6)) > 0.6


def test_what_is_round_is_not_turned() -> None:
    disc = view(polygon(64, 0.035, 0.0), EYES[0]).orientation()
    assert all(abs(number(disc, order)) < 0.15 for order in ORDERS)


def test_at_any_height_it_is_turned_the_same() -> None:
    low, high = (
        view(polygon(4, 0.03, 0.3), EYES[1], top_m).orientation() for top_m in (0.01, 0.07)
    )
    assert abs(np.angle(number(low, 4) / number(high, 4))) / 4 < np.radians(1.0)


@pytest.mark.parametrize("yaw", [-1.1, 0.0, 0.5, 3.0])
def test_the_hand_sees_it_turned_from_itself(yaw: float) -> None:
    pose = np.eye(4)
    pose[:3, :3] = [[np.cos(yaw), np.sin(yaw), 0], [np.sin(yaw), -np.cos(yaw), 0], [0, 0, -1]]
    hand = torch.from_numpy(proprioception(pose[None], np.zeros(1)))
    on_table = torch.tensor([np.cos(2 * 0.4), np.sin(2 * 0.4), 0.0, 1.0, 0.5, 0.0])
    seen = seen_from_hand(on_table.view(1, 1, 1, NUMBERS).float(), hand)[0, 0, 0]
    for order in ORDERS:
        wanted = number(on_table, order) * np.exp(-1j * order * yaw)
        assert number(seen, order) == pytest.approx(wanted, abs=1e-5)


def test_in_a_mirror_it_is_turned_the_other_way() -> None:
    turn = view(oblong(0.3), EYES[0]).orientation()
    there = view(oblong(-0.3), EYES[0]).orientation()
    both = in_mirror(turn.expand(2, 1, 1, -1), torch.tensor([True, False]))[:, 0, 0]
    torch.testing.assert_close(both[0], there, atol=0.03, rtol=0)
    torch.testing.assert_close(both[1], turn)


def test_without_calibration_nothing_is_told() -> None:
    seen = view(oblong(0.3), EYES[0])
    unknown = seen._replace(origin=torch.zeros(1, 3), direction=torch.zeros(1, 3, 3))
    assert not unknown.orientation().any()


def test_where_there_is_nothing_to_see_nothing_is_turned() -> None:
    seen = view(oblong(0.3), EYES[0])
    empty = seen._replace(image=torch.zeros_like(seen.image))
    assert torch.equal(empty.orientation()[2:], torch.zeros(NUMBERS - 2))
