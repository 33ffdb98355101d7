"""What a language model is asked, and the lines of its answer."""

import re
from collections.abc import Iterator

from transformers import PreTrainedTokenizerFast

from ..interface import Wordings

TASK = (
    "Reword an instruction for a robot arm in six other ways, one a line. Keep what is done, every "
    "object, colour, number and direction. Add nothing."
)
EXAMPLES = (
    (
        "put the yellow cup on the left shelf",
        "place the yellow cup on the left shelf\n"
        "please put the yellow cup onto the left shelf\n"
        "set the yellow cup on the left shelf\n"
        "on the left shelf, put the yellow cup\n"
        "could you place the yellow cup on the left shelf?\n"
        "take the yellow cup and put it on the left shelf",
    ),
    (
        "close two drawers",
        "shut two drawers\n"
        "please close two drawers\n"
        "close two drawers, please\n"
        "could you shut two drawers?\n"
        "can you close two drawers?\n"
        "would you shut two drawers?",
    ),
)
_MARK = re.compile(r"^\s*(?:[-*•–]|\(?\d+[.):])\s*")
_QUOTES = "\"'“”‘’«»`"


def tokens_of(said: Wordings, tokenizer: PreTrainedTokenizerFast) -> list[int]:
    """The question, as a conversation where the model knows how one looks like."""
    if not tokenizer.chat_template:
        return tokenizer(_plain(said))["input_ids"]
    text = tokenizer.apply_chat_template(
        _conversation(said), tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    return tokenizer(str(text), add_special_tokens=False)["input_ids"]


def lines_of(answer: str) -> Iterator[str]:
    """Without numbers, dashes and quotation marks; the first empty line ends it."""
    for line in answer.strip().splitlines():
        if not line.strip() or line.startswith("Instruction:"):
            return
        text = _MARK.sub("", line).strip().strip(_QUOTES).strip()
        if text:
            yield text


def _conversation(said: Wordings) -> list[dict[str, str]]:
    """Models without a system's role know these two."""
    turns = [*EXAMPLES, (_question(said), "")]
    told = [
        {"role": role, "content": content}
        for question, answer in turns
        for role, content in (("user", f"Instruction: {question}"), ("assistant", answer))
    ]
    told[0]["content"] = f"{TASK}\n\n{told[0]['content']}"
    return told[:-1]


def _plain(said: Wordings) -> str:
    shown = "".join(f"Instruction: {question}\n{answer}\n\n" for question, answer in EXAMPLES)
    return f"{TASK}\n\n{shown}Instruction: {_question(said)}\n"


def _question(said: Wordings) -> str:
    """With other names of its objects, and the last of the wordings that are not to come again."""
    lines = [said.instruction]
    lines += [f"({names[0]}: also {', '.join(names[1:])})" for names in said.called if names[1:]]
    lines += [f"(not again: {'; '.join(said.paraphrases[-NAMED:])})"] if said.paraphrases else []
    return "\n".join(lines)


NAMED = 8
