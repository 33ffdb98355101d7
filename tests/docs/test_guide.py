"""What the guide lists is what there is."""

import re
from pathlib import Path

from teachloop.app.cli.commands import COMMANDS

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


def test_the_table_of_commands_names_each_of_them_once() -> None:
    listed = re.findall(r"^\| `teachloop ([a-z-]+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
