"""What a paraphraser gives, without what is there already, too long, or says something else."""

from dataclasses import dataclass

from ...runtime.text import one_line
from .interface import Cancelled, Paraphraser, Progress, Wordings
from .meaning import keeps_meaning
from .words import bare

AT_ONCE = 12
MOST = 64  # wordings of one take, its instruction included: as many a policy learns
LONGEST = 158  # bytes as UTF-8: what the shipped policy reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """New wordings, and how many lines said something else."""

    texts: tuple[str, ...]
    dropped: int = 0
    full: bool = False  # there are as many wordings as count

    @property
    def in_words(self) -> str:
        """Why there is none; "" where there is one."""
        if self.texts:
            return ""
        if self.full:
            return f"There are {MOST} wordings: a policy learns no more."
        if not self.dropped:
            return "No other wording is known."
        if self.dropped == 1:
            return "Nothing to propose: its line says something else than the instruction."
        return (
            f"Nothing to propose: its {self.dropped} lines say something else than the instruction."
        )


def proposals(
    paraphraser: Paraphraser, said: Wordings, progress: Progress, cancelled: Cancelled
) -> Proposals:
    """As many as fit beside those that there are. Raises what the paraphraser raises."""
    room = min(AT_ONCE, MOST - len(said.all))
    if room <= 0:
        return Proposals(texts=(), full=True)
    seen, kept, dropped = {_key(text) for text in said.all}, list[str](), 0
    for line in paraphraser.propose(said, progress, cancelled):
        text = one_line(line)
        if not bare(text) or _key(text) in seen or len(text.encode()) > LONGEST:
            continue
        seen.add(_key(text))
        if keeps_meaning(said, text):
            kept.append(text)
        else:
            dropped += 1
        if len(kept) == room:
            break
    return Proposals(texts=tuple(kept), dropped=dropped)


def _key(text: str) -> str:
    """Texts that differ in capitals, blanks or their end alone are one."""
    return one_line(text).rstrip(".?! ").casefold()
