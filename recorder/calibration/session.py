"""One camera that is being calibrated: its views, and what comes of them."""

from dataclasses import dataclass

import numpy as np

from ...datasets.steps import Image
from ...geometry.camera import Camera, Mount
from ...geometry.poses import pose_delta
from ...geometry.rotations import Array
from ...runtime.errors import TeachloopError
from ...runtime.validation import StrictModel
from .board import Board
from .detection import FEWEST_CORNERS, SHARP_PX, BoardFinder, Corners, board_pose
from .solution import Solution, solve
from .views import BoardView

STILL_M, STILL_RAD = 5e-4, 2e-3  # that a hand at rest may seem to move
STILL_PX = 0.7
SAME_M, SAME_RAD = 0.005, 0.03


class NoView(TeachloopError):
    """A look that cannot be a view; the text says what would be right."""


class CalibrationPlan(StrictModel):
    """With which board, and where the camera is: with ``base`` the board is in the hand, with
    ``end_effector`` on the table."""

    board: Board = Board()
    mount: Mount = "base"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glance:
    """A picture of the camera, and where the hand was meanwhile."""

    image: Image
    time_ns: int
    hand: Array  # (4, 4) in the base frame
    camera: Camera


class CalibrationSession:
    """Views are taken and thrown away, and solved when there are enough."""

    def __init__(self, plan: CalibrationPlan, *, lens: bool) -> None:
        """``lens``: the camera does not know its intrinsics; they are measured as well."""
        self.plan, self.lens = plan, lens
        self.views: list[BoardView] = []
        self.solution: Solution | None = None
        self._finder = BoardFinder(plan.board)
        self._numbers = 0
        self._camera: Camera | None = None

    def find(self, image: Image) -> Corners:
        """The board's corners in a picture."""
        return self._finder.find(image)

    def take(self, before: Glance, now: Glance) -> BoardView:
        """A view, of two looks a moment apart between which nothing may move. Raises NoView."""
        first, last = self.find(before.image), self.find(now.image)
        self._expect_clear(last)
        common, was, is_ = np.intersect1d(first.numbers, last.numbers, return_indices=True)
        pixels = first.pixels[was], last.pixels[is_]
        _expect_still(before, now, *pixels)
        self._expect_new(now.hand)
        self._expect_same(now.camera)
        self._numbers += 1
        points, middle = self.plan.board.points_m[common], (pixels[0] + pixels[1]) / 2
        view = BoardView(
            number=self._numbers,
            hand=now.hand,
            points=points,
            pixels=middle,
            seen=board_pose(points, middle, now.camera.intrinsics),
        )
        self.views.append(view)
        self.solution, self._camera = None, now.camera
        return view

    def drop(self, number: int) -> None:
        """Throw a view away; one that is gone already stays so."""
        self.views = [view for view in self.views if view.number != number]
        self.solution = None

    def solve(self) -> Solution:
        """Raises BadViews."""
        width, intrinsics = 1, np.eye(3)
        if self._camera is not None:
            width, intrinsics = self._camera.width, self._camera.intrinsics
        self.solution = None
        self.solution = solve(self.views, self.plan.mount, intrinsics, width=width, lens=self.lens)
        return self.solution

    def hint(self, corners: Corners) -> str:
        """Why a picture would be no view; empty: it would be one."""
        count, of = len(corners), self.plan.board.corners
        if not count:
            return "No board is seen. Bring it into the picture, in good light."
        if count < FEWEST_CORNERS:
            return (
                f"Only {count} of {of} corners are seen: at least {FEWEST_CORNERS} are needed. "
                "Bring the board nearer, and wholly into the picture."
            )
        if corners.softness_px > SHARP_PX:
            return "The picture is blurred. Hold still, give more light, or focus the camera."
        return ""

    def _expect_clear(self, corners: Corners) -> None:
        hint = self.hint(corners)
        if hint:
            raise NoView(hint)

    def _expect_same(self, camera: Camera) -> None:
        known = self._camera if self.views else None
        if known is not None and not np.array_equal(known.intrinsics, camera.intrinsics):
            raise NoView(
                "The camera's intrinsics are others than at the views before: the station was "
                "started with other settings. Throw those views away."
            )

    def _expect_new(self, hand: Array) -> None:
        for view in self.views:
            metres, radians = _apart(view.hand, hand)
            if metres < SAME_M and radians < SAME_RAD:
                raise NoView(f"The hand stands where it stood for view {view.number}: move it.")


def _expect_still(before: Glance, now: Glance, was: Array, is_: Array) -> None:
    if now.time_ns <= before.time_ns:
        raise NoView("The camera gives no new pictures. See that it runs, then try again.")
    metres, radians = _apart(before.hand, now.hand)
    if metres > STILL_M or radians > STILL_RAD:
        raise NoView("The arm moves. Wait until it stands still.")
    if len(is_) < FEWEST_CORNERS or np.median(np.linalg.norm(is_ - was, axis=1)) > STILL_PX:
        raise NoView("The board moves in the picture. Wait until it hangs or lies still.")


def _apart(one: Array, other: Array) -> tuple[float, float]:
    delta = pose_delta(one, other)
    return float(np.linalg.norm(delta[:3])), float(np.linalg.norm(delta[3:]))
