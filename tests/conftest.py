"""What holds for all tests."""

from pathlib import Path

import pytest

# Stations tick in real time, and browsers are shown live pictures: nothing may run beside.
ALONE = ("recorder", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in ALONE:
            item.add_marker(pytest.mark.alone)
