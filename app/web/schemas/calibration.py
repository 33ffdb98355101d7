"""What a page is told of a camera's calibration."""

from ....recorder.calibration.session import CalibrationPlan
from ....recorder.calibration.views import Coverage
from ....runtime.validation import StrictModel


class SeenBoard(StrictModel):
    """What the camera sees of the board now."""

    corners: list[list[float]]
    """In pixels of the recorded picture."""
    of: int
    """How many the board has."""
    width: int
    height: int
    hint: str
    """Why this would be no view; empty: it would be one."""


class ViewSummary(StrictModel):
    """A view that was taken."""

    number: int
    corners: int
    residual_px: float | None
    """Once it is solved."""


class Result(StrictModel):
    """Where the camera is, and how well that is known."""

    position_m: list[float]
    residual_px: float
    residual_mm: float
    uncertain_mm: float
    uncertain_deg: float
    outliers: list[int]
    remarks: list[str]


class CalibrationState(StrictModel):
    """A camera that is being calibrated."""

    camera: str
    plan: CalibrationPlan
    measures_lens: bool
    views: list[ViewSummary]
    coverage: Coverage
    result: Result | None
