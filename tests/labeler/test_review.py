"""Who was done with the labels of a take, who approved of them or sent them back, and why."""

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from drawn_takes import draw_take
from label_service import Page

from teachloop.datasets.catalog import Catalog
from teachloop.datasets.labels.labels import Labels
from teachloop.labeler.errors import NothingSaid


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def test_each_step_of_a_review_is_kept_with_who_and_when(page: Page, tmp_path: Path) -> None:
    began = datetime.now(timezone.utc).replace(microsecond=0)
    page.act("review", review="done", author="Ada")
    page.act("review", review="returned", comment=" the mask  slips at 40", author="Grace")
    said = page.act("review", review="done", author="Ada")
    assert said.review == "done"
    assert [(each.author, each.review, each.text) for each in said.comments] == [
        ("Ada", "done", ""),
        ("Grace", "returned", "the mask slips at 40"),
        ("Ada", "done", ""),
    ]
    times = [datetime.fromisoformat(each.time) for each in said.comments]
    assert began <= min(times) <= max(times) <= datetime.now(timezone.utc)
    again = Labels.open(tmp_path / "takes" / "one").snapshot
    assert [comment.text for comment in again.comments] == ["", "the mask slips at 40", ""]


def test_to_send_back_takes_a_comment(page: Page) -> None:
    page.act("review", review="done")
    with pytest.raises(NothingSaid):
        page.act("review", review="returned")
    assert (page.act("read").review, page.act("read").revision) == ("done", 1)


def test_a_step_is_taken_back_with_its_comment_by_who_made_it(page: Page) -> None:
    page.act("review", review="done", author="Ada")
    page.act("review", review="returned", comment="slips", author="Grace")
    back = page.act("undo", author="Grace")
    assert (back.review, [each.author for each in back.comments]) == ("done", ["Ada"])
    again = page.act("redo", author="Grace")
    assert (again.review, again.comments[-1].text) == ("returned", "slips")


def test_an_undo_leaves_what_another_said_since(page: Page) -> None:
    page.act("instruction", instruction="push it", author="Ada")
    page.act("review", review="approved", comment="well done", author="Grace")
    left = page.act("undo", author="Ada")
    assert (left.review, [each.text for each in left.comments]) == ("approved", ["well done"])


def test_the_list_of_takes_tells_the_last_step(page: Page, tmp_path: Path) -> None:
    page.act("review", review="done", author="Ada")
    page.act("review", review="returned", comment="slips", author="Grace")
    with Catalog(tmp_path) as catalog:
        catalog.refresh()
        (row,) = catalog.takes()
    assert (row.review, row.reviewed_by, row.comment) == ("returned", "Grace", "slips")
    assert datetime.fromisoformat(row.reviewed).tzinfo is not None
