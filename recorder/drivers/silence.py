"""Tells once when a camera falls silent, why it does not come back, and when it does."""

import logging

logger = logging.getLogger(__name__)


class Silence:
    """Of one camera."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._silent = False
        self._reason = ""

    def began(self) -> None:
        if not self._silent:
            logger.warning("Camera %s is silent; it is opened again.", self._camera)
        self._silent = True

    def goes_on(self, error: Exception) -> None:
        if str(error) != self._reason:
            logger.warning("Camera %s does not come back: %s", self._camera, error)
        self._reason = str(error)

    def ended(self) -> None:
        if self._silent:
            logger.warning("Camera %s is back.", self._camera)
        self._silent, self._reason = False, ""
