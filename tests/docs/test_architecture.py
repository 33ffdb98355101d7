"""The architecture page says what the code is."""

import re
from pathlib import Path

import draw_architecture
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.[a-z]+)?)`", PAGE)))


def test_the_picture_is_that_of_the_code() -> None:
    drawn = draw_architecture.picture()
    assert draw_architecture.PICTURE.read_text("utf-8") == drawn, "draw it again"


@pytest.mark.parametrize("name", NAMED)
def test_every_file_that_the_page_names_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_where_things_go_takes_at_most_six_steps() -> None:
    walks = PAGE.split("## Where things go")[1].split("\n## ")[0].split("\n**")[1:]
    assert [walk.split("**")[0] for walk in walks] == [
        "A frame",
        "A click",
        "The button",
        "A chunk",
    ]
    assert all(1 <= len(re.findall(r"^\d\. ", walk, re.M)) <= 6 for walk in walks)


def test_an_arrow_that_others_say_is_left_out() -> None:
    arrows = frozenset({("a", "b"), ("b", "c"), ("a", "c")})
    assert draw_architecture.reduced(arrows) == {("a", "b"), ("b", "c")}
