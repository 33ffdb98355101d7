"""How long ago something was."""

from datetime import datetime, timedelta, timezone


def days_since(time: str) -> float:
    """Of a time in ISO 8601; -1 where it is none."""
    try:
        began = datetime.fromisoformat(time.replace("Z", "+00:00"))
        return (datetime.now(timezone.utc) - began.astimezone(timezone.utc)) / timedelta(days=1)
    except (ValueError, OverflowError):
        return -1.0
