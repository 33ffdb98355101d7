import numpy as np

from teachloop.geometry.capsules import Capsules
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector

EYE = np.array([0.0, 0.0, 1.0])
BAR = Capsules.of([((-0.1, 0.0, 0.5), (0.1, 0.0, 0.5), 0.02)])  # half way down, along x


def test_a_capsule_hides_what_lies_behind_it_and_nothing_beside_or_before_it():
    behind, past_its_end, beside, before = (0.1, 0, 0), (0.3, 0, 0), (0, 0.06, 0), (0, 0, 0.6)
    assert BAR.hide(EYE, [behind, past_its_end, beside, before]).tolist() == [True, *3 * [False]]


def test_a_thicker_one_hides_more():
    beside = (0, 0.05, 0)  # whose sight passes 25 mm from the axis
    assert not BAR.hide(EYE, beside)
    assert BAR.hide(EYE, beside, 0.006)


def test_round_ends_count():
    close, far = 0.119, 0.122  # of x at half way: the cap ends at 0.12
    assert BAR.hide(EYE, (2 * close, 0, 0))
    assert not BAR.hide(EYE, (2 * far, 0, 0))


def test_capsules_move_with_their_frame():
    turned = BAR.moved(make_pose(from_rotation_vector([0, 0, np.pi / 2]), [1.0, 0, 0]))
    eye = EYE + np.array([1.0, 0, 0])
    assert turned.hide(eye, [(1.0, 0.1, 0), (1.1, 0, 0)]).tolist() == [True, False]


def test_nothing_hides_nothing():
    assert not Capsules.of([]).hide(EYE, np.zeros((2, 3, 3))).any()


def test_an_eye_that_looks_along_a_capsule_sees_nothing_behind_it():
    along = Capsules.of([((0, 0, 0.2), (0, 0, 0.8), 0.02)])
    assert along.hide(EYE, (0, 0, 0))
    assert (BAR + along).hide(EYE, [(0.1, 0, 0), (0, 0, 0.1)]).all()
