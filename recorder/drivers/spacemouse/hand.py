"""What the hand at a SpaceMouse asks for, report by report."""

from ...devices.interfaces import Twist
from ..teleop_settings import Does
from .reports import ROTATION, STILL, TRANSLATION, Cap, heard
from .settings import SpaceMouseSettings
from .shaping import velocities

# A cap that is pushed reports every 8 to 16 ms. One that was let go says so; one that is out of
# its receiver's reach says nothing, and asks for nothing.
SILENCE_NS = 200_000_000
GRIP_NS = 300_000_000  # a wish of the gripper is repeated: a single one may be overtaken


class Hand:
    """Hears reports, and says which twist they amount to now."""

    def __init__(self, settings: SpaceMouseSettings) -> None:
        self._settings = settings
        self._cap = Cap()
        self._heard_ns = 0
        self._gripper = 1.0  # the newest wish
        self._grips_until_ns = 0

    def hear(self, report: bytes, now_ns: int) -> None:
        """A report, which is not empty."""
        before, self._cap = self._cap, heard(self._cap, report)
        if report[0] in (TRANSLATION, ROTATION):
            self._heard_ns = now_ns
        pressed = self._cap.buttons & ~before.buttons
        for bit, does in enumerate((self._settings.left_button, self._settings.right_button)):
            if pressed >> bit & 1:
                self._press(does, now_ns)

    def twist(self, now_ns: int) -> Twist:
        """What is asked for now."""
        silent = now_ns - self._heard_ns >= SILENCE_NS
        linear, angular = (STILL, STILL) if silent else velocities(self._cap, self._settings)
        gripper = self._gripper if now_ns < self._grips_until_ns else None
        return Twist(linear, angular, gripper, now_ns, self._settings.frame)

    def _press(self, does: Does, now_ns: int) -> None:
        if does == "nothing":
            return
        wishes = {"close": 0.0, "open": 1.0, "toggle": 1.0 - self._gripper}
        self._gripper = wishes[does]
        self._grips_until_ns = now_ns + GRIP_NS
