"""Other wordings by a language model: it is shown two examples, and answers several times."""

from collections.abc import Iterator

from ..interface import Cancelled, Progress, Wordings
from .folder import ModelFolder
from .kept_model import KeptModel
from .loading import LanguageModel, load
from .prompt import lines_of, tokens_of
from .sampling import sample

KEPT_S = 300.0  # it stays loaded for
ANSWERS = 3
LONGEST = 128  # tokens of an answer, six lines


class LanguageModelParaphraser:
    """``weights``: folder or hub id of a causal language model in transformers' layout; where none
    is named, the environment's. Raises NoWeights, UnusableWeights."""

    def __init__(self, weights: str = "", kept_s: float = KEPT_S) -> None:
        folder = ModelFolder.find(weights)
        self.name = folder.name
        self._kept = KeptModel(lambda: load(folder), kept_s)

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        """Raises what ``load`` raises."""
        with self._kept.using(cancelled) as language_model:
            answers = language_model and _answers(language_model, said, progress, cancelled)
        for answer in answers or []:
            yield from lines_of(answer)


def _answers(
    language_model: LanguageModel, said: Wordings, progress: Progress, cancelled: Cancelled
) -> list[str]:
    tokenizer = language_model.tokenizer

    def goes_on(number: int) -> bool:
        progress(number / LONGEST)
        return not cancelled()

    found = sample(
        language_model.model,
        tokens_of(said, tokenizer),
        answers=ANSWERS,
        longest=LONGEST,
        ends=language_model.ends,
        goes_on=goes_on,
    )
    return [str(tokenizer.decode(tokens, skip_special_tokens=True)) for tokens in found]
