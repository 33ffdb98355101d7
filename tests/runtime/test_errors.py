import pickle

from teachloop.runtime.errors import LONGEST, TeachloopError
from teachloop.runtime.ids import BadName


def test_an_error_that_repeats_a_million_characters_says_its_beginning_and_its_end() -> None:
    text = str(TeachloopError(f"There is no {'x' * 1_000_000}. Known: a, b."))
    assert len(text) <= LONGEST
    assert text.startswith("There is no xxx")
    assert text.endswith("xxx. Known: a, b.")


def test_a_name_of_any_length_is_refused_in_a_few_words() -> None:
    assert len(str(BadName("x" * 1_000_000))) < 200


def test_a_long_error_still_travels_whole_between_processes() -> None:
    error = TeachloopError("y" * 5000)
    assert pickle.loads(pickle.dumps(error)).args == error.args
