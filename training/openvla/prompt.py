"""Instructions as the ids that OpenVLA was trained to read."""

from pathlib import Path

from transformers import AutoTokenizer, LlamaConfig

from ...runtime.errors import TeachloopError

SPACE_ID = 29871  # Llama's empty piece, which stands between "Out:" and the action
FILES = (
    "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json",
    "added_tokens.json",
)  # fmt: skip


class BrokenTokenizer(TeachloopError):
    """Tokenizer files that transformers cannot read."""

    def __init__(self, folder: Path, reason: Exception) -> None:
        super().__init__(
            f"The tokenizer in {folder} cannot be read: {f'{reason}'.partition(chr(10))[0]} Copy "
            f"{FILES[0]} and {FILES[2]} of openvla/openvla-7b into it."
        )


def prompt(instruction: str) -> str:
    """The text around an instruction, as in training."""
    return f"In: What action should the robot take to {instruction.lower()}?\nOut:"


class PromptTokenizer:
    """Instruction → ids: the start token, the prompt, and the empty piece before the action."""

    def __init__(self, folder: Path, language: LlamaConfig) -> None:
        """A small ``language`` model may have no empty piece. Raises BrokenTokenizer."""
        self._bos_id: int = language.bos_token_id or 1  # Llama's
        self._space = [SPACE_ID] if language.vocab_size > SPACE_ID else []
        try:  # given the config, transformers does not ask to run the checkpoint's own code
            self._tokenizer = AutoTokenizer.from_pretrained(
                str(folder), config=language, local_files_only=True, trust_remote_code=False
            )
        except Exception as error:  # tokenizers raises nothing narrower
            raise BrokenTokenizer(folder, error) from error

    def __call__(self, instruction: str) -> list[int]:
        ids: list[int] = self._tokenizer(prompt(instruction))["input_ids"]
        start = [] if ids[:1] == [self._bos_id] else [self._bos_id]
        end = [] if ids[-1:] == self._space else self._space
        return [*start, *ids, *end]


def has_tokenizer(folder: Path) -> bool:
    """Whether a checkpoint's folder has the files of a tokenizer."""
    return any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer.model"))
