"""What the driver of a SpaceMouse can be told."""

from ..teleop_settings import Does, PushedSettings, Side


class SpaceMouseSettings(PushedSettings):
    """In the order in which a page shows it."""

    side: Side = "front"
    """The robot's side from which its user looks at it, the device's cable pointing to the
    robot."""
    left_button: Does = "close"
    """What it does with the gripper: close, open, toggle or nothing."""
    right_button: Does = "open"
    """The same."""
    product: str = ""
    """Part of the device's name, where several are plugged in, such as Compact."""
