"""All routes below /api."""

from fastapi import APIRouter

from ...processes.job_kinds import KINDS
from ...processes.job_launcher import LAUNCHER
from ..state import AppState
from .adapters import adapter_routes
from .calibration import calibration_routes
from .jobs import JobRoutes, job_routes
from .labels import label_routes
from .models import model_routes
from .session import session_routes
from .station import station_routes
from .takes import take_routes
from .tasks import task_routes
from .trials import trial_routes
from .wording import wording_routes


def routers(app_state: AppState) -> list[APIRouter]:
    """Of one data folder and its station."""
    data = app_state.data
    return [
        session_routes(),
        take_routes(app_state),
        task_routes(data, app_state.station.simulated),
        label_routes(app_state),
        station_routes(app_state),
        calibration_routes(app_state),
        job_routes(JobRoutes(data, KINDS, LAUNCHER, app_state.jobs)),
        adapter_routes(data),
        model_routes(app_state),
        trial_routes(app_state),
        wording_routes(app_state),
    ]
