"""Other wordings are proposed to the window that asks, in a thread of its own; nothing is saved."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_takes import draw_take
from label_service import Page
from labeler_page import Page as ProcessPage
from labeler_page import play, until
from made_up_paraphrasers import Waiting
from tiny_language_model import one_thread, save_language_model

from teachloop.datasets.errors import StaleRevision
from teachloop.labeler.methods import Methods, UnknownMethod, UnusableMethod
from teachloop.labeler.models.checkpoint import NoWeights
from teachloop.labeler.settings import LabelerSettings
from teachloop.labeler.updates import Update, WordingsProposed

NAMES = ("Parrot", "Silent", "Broken", "Waiting")
SETTINGS = LabelerSettings(
    segmenters={"squares": "made_up_methods:Squares"},
    paraphrasers={name.lower(): f"made_up_paraphrasers:{name}" for name in NAMES},
)
INSTRUCTION = "push the red square to the right"


class Window(Page):
    """A page that hears what is proposed."""

    def __init__(self, data: Path, settings: LabelerSettings = SETTINGS) -> None:
        self.proposed: list[WordingsProposed] = []
        self.answered = threading.Event()
        super().__init__(data, settings)

    def _hear(self, update: Update) -> None:
        super()._hear(update)
        if isinstance(update, WordingsProposed):
            self.proposed.append(update)
            if update.state != "running":
                self.answered.set()

    def propose(self, paraphraser: str = "", window: str = "window 1") -> WordingsProposed:
        self.answered.clear()
        self.act("propose", paraphraser=paraphraser, window=window)
        assert self.answered.wait(30), "nobody heard of it"
        return self.proposed[-1]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Window]:
    for event in (Waiting.may_answer, Waiting.began, Waiting.ended):
        event.clear()
    Waiting.asked.clear()
    draw_take(tmp_path, "one")
    page = Window(tmp_path)
    yield page
    Waiting.may_answer.set()
    page.service.close()


def test_templates_propose_and_nothing_is_saved(page: Window) -> None:
    page.act("synonyms", object="red square", synonyms=["crimson tile"])
    before = page.act("read")
    found = page.propose()
    assert (found.take, found.window, found.source, found.state) == (
        *("one", "window 1", "templates"),
        "done",
    )
    assert "slide the red square to the right" in [
        text.replace("crimson tile", "red square") for text in found.proposals
    ]
    assert any("crimson tile" in text for text in found.proposals)
    after = page.act("read")
    assert (after.revision, after.paraphrases) == (before.revision, [])


def test_what_is_taken_is_one_step_and_is_not_proposed_again(page: Window) -> None:
    found = page.propose().proposals
    page.act("paraphrases", paraphrases=found[:3], author="Ada")
    again = page.propose().proposals
    assert again
    assert not set(found[:3]) & set(again)
    assert page.act("undo", author="Ada").paraphrases == []


def test_a_paraphraser_of_somebody_else_is_held_to_the_same(page: Window) -> None:
    assert page.propose("parrot").proposals == [f"please {INSTRUCTION}"]
    nothing = page.propose("silent")
    assert (nothing.state, nothing.proposals) == ("done", [])
    assert nothing.message == "No other wording is known."


def test_one_that_breaks_down_says_so(page: Window) -> None:
    failed = page.propose("broken")
    assert (failed.state, failed.source) == ("failed", "a broken one")
    assert failed.message.startswith("The paraphraser failed: RuntimeError: out of memory")


def test_one_that_is_not_there_is_refused(page: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownMethod, match=r"No paraphraser 'poet'. Known: templates, language-"):
        page.act("propose", paraphraser="poet")
    monkeypatch.delenv("TEACHLOOP_LANGUAGE_MODEL", raising=False)
    with pytest.raises(NoWeights, match="No weights of a causal language model are named"):
        page.act("propose", paraphraser="language-model")
    odd = LabelerSettings(paraphrasers={"odd": "made_up_methods:Copies"})
    with pytest.raises(UnusableMethod, match="it has no name and propose"):
        Methods(odd).paraphraser("odd")


def test_words_that_somebody_else_changed_since_are_asked_about_no_more(page: Window) -> None:
    seen = page.act("read").revision
    page.act("success", success=True, author="Grace")
    page.act("propose", base_revision=seen, author="Ada")
    page.act("instruction", instruction="push it", author="Grace")
    with pytest.raises(StaleRevision):
        page.act("propose", base_revision=seen, author="Ada")
    now = page.act("synonyms", object="red square", synonyms=["tile"], author="Grace").revision
    with pytest.raises(StaleRevision):
        page.act("propose", base_revision=now - 1, author="Ada")
    page.act("propose", base_revision=now, author="Ada")


def test_clicks_are_answered_while_one_computes_and_it_ends_when_stopped(page: Window) -> None:
    page.act("propose", paraphraser="waiting", window="window 1")
    assert Waiting.began.wait(10)
    place = {"camera": "front", "frame": 0, "object": "cup", "segmenter": "squares"}
    assert page.act("click", **place, x=9, y=9).masks
    page.act("stop_proposing", window="window 1")
    assert Waiting.ended.wait(10)
    assert not page.answered.wait(0.3), "nobody wants to hear of it"
    assert {update.state for update in page.proposed} == {"running"}
    assert page.proposed[0].progress == 0.5


def test_of_what_a_window_asks_the_last_alone_is_answered(page: Window) -> None:
    page.act("propose", paraphraser="waiting", window="window 1")
    assert Waiting.began.wait(10)
    Waiting.began.clear()
    page.act("propose", paraphraser="waiting", window="window 2")
    assert Waiting.began.wait(10)
    assert page.propose("parrot", window="window 1").source == "a parrot"
    assert Waiting.ended.wait(10)
    page.answered.clear()
    Waiting.may_answer.set()
    assert page.answered.wait(10)
    assert (page.proposed[-1].window, page.proposed[-1].source) == ("window 2", "one who waits")


def test_the_words_that_are_worded_anew_are_all_that_is_said(page: Window) -> None:
    page.act("synonyms", object="red square", synonyms=["tile"])
    page.act("paraphrases", paraphrases=["shove it to the right"])
    page.act("instruction", instruction="move it")
    Waiting.may_answer.set()
    page.propose("waiting")
    (said,) = Waiting.asked
    assert said.all == ("move it", "shove it to the right")
    assert said.called == (("red square", "tile"),)


def test_random_text_of_a_language_model_is_said_to_be_none(tmp_path: Path, page: Window) -> None:
    weights = {"language-model": str(save_language_model(tmp_path / "tiny"))}
    page.service.use(LabelerSettings(weights=weights))
    with one_thread():
        found = page.propose("language-model")
    assert (found.state, found.proposals, found.source) == ("done", [], "tiny")
    assert "something else than the instruction" in found.message


def test_a_page_hears_of_it_from_the_labelers_process(tmp_path: Path) -> None:
    draw_take(tmp_path, "one")

    async def scene(page: ProcessPage) -> None:
        await until(lambda: bool(page.proxy.summary.paraphrasers))
        assert page.proxy.summary.paraphraser == "templates"
        await page.act("propose", window="window 7")
        await until(lambda: any(isinstance(each, WordingsProposed) for each in page.told))
        (told,) = (each for each in page.told if isinstance(each, WordingsProposed))
        assert (told.window, told.state) == ("window 7", "done")
        assert told.proposals

    play(tmp_path, scene)
