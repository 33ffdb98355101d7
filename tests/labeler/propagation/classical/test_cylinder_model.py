import numpy as np
import pytest

from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.labeler.propagation.classical.cylinder_model import (
    CylinderModel,
    draw,
    fit,
    standing,
)


@pytest.fixture
def camera():
    forward = np.array([-0.7, 0.0, -0.714])
    forward /= np.linalg.norm(forward)
    right = np.array([0.0, 1.0, 0.0])
    rotation = np.stack([right, np.cross(forward, right), forward], 1)
    intrinsics = np.array([[600.0, 0, 128], [0, 600.0, 128], [0, 0, 1]])
    return Camera(
        name="front",
        width=256,
        height=256,
        intrinsics=intrinsics,
        mount="base",
        pose=make_pose(rotation, [1.25, 0.0, 0.8]),
    )


@pytest.mark.parametrize(("radius", "height"), [(0.022, 0.055), (0.032, 0.026), (0.03, 0.045)])
def test_a_cylinder_is_found_again_from_its_own_mask(camera, radius, height):
    pose = standing(0.47, 0.05, height)
    outline = CylinderModel(radius, height).outline(camera, np.eye(4), pose)
    assert outline is not None
    fitted = fit(camera, np.eye(4), draw(outline, (256, 256)))
    assert fitted is not None
    cylinder, found = fitted
    assert abs(cylinder.radius_m - radius) < 0.003
    assert abs(cylinder.height_m - height) < 0.006
    assert np.linalg.norm(found[:2, 3] - pose[:2, 3]) < 0.006


def test_an_empty_mask_fits_nothing(camera):
    assert fit(camera, np.eye(4), np.zeros((256, 256), bool)) is None


def test_a_solid_behind_the_camera_has_no_outline(camera):
    assert CylinderModel(0.03, 0.05).outline(camera, np.eye(4), standing(3.0, 0.0, 2.0)) is None
