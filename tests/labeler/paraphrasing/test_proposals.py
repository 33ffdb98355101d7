"""Whatever a paraphraser gives, what is shown is new, short enough, and says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from teachloop.labeler.paraphrasing.interface import Cancelled, Progress, Wordings
from teachloop.labeler.paraphrasing.proposals import AT_ONCE, LONGEST, MOST, Proposals, proposals
from teachloop.training.data import instructions
from teachloop.training.grounded.config import PolicyConfig


@dataclass(frozen=True)
class Says:
    """These lines."""

    lines: Sequence[str]
    name: str = "says"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        for line in self.lines:
            if cancelled():
                return
            yield line


def said(*paraphrases: str) -> Wordings:
    return Wordings(instruction="push the cup", paraphrases=paraphrases, called=(("cup", "mug"),))


def proposed(lines: Sequence[str], *paraphrases: str) -> Proposals:
    return proposals(Says(lines), said(*paraphrases), lambda share: None, lambda: False)


def test_lines_are_one_line_each_and_none_is_there_already() -> None:
    lines = ["shove  the\ncup", "Shove the cup.", "push the cup", "please push the mug", "", "?"]
    found = proposed(lines, "Please push the mug!")
    assert found.texts == ("shove the cup",)
    assert found.dropped == 0


def test_what_says_something_else_is_counted_and_said() -> None:
    found = proposed(["pull the cup", "push the cup now", "push it"])
    assert (found.texts, found.dropped) == ((), 3)
    assert "its 3 lines say something else" in found.in_words
    assert proposed([]).in_words == "No other wording is known."
    assert proposed(["shove the cup"]).in_words == ""


def test_no_more_are_proposed_than_a_policy_reads() -> None:
    lines = [f"{'please ' * count}push the cup" for count in range(1, 30)]
    assert len(proposed(lines).texts) == AT_ONCE
    assert all(len(text.encode()) <= LONGEST for text in proposed(lines).texts)
    nearly = [f"wording {number}" for number in range(MOST - 3)]
    assert len(proposed(lines, *nearly).texts) == 2
    full = proposed(lines, *nearly, "one more", "another")
    assert full.texts == ()
    assert f"There are {MOST} wordings" in full.in_words


def test_the_limits_are_those_of_what_learns_them() -> None:
    assert instructions.MOST == MOST
    assert PolicyConfig.model_fields["text_length"].default - 2 == LONGEST
