"""Training examples: a prompt, the action tokens that answer it, and a loss on the answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

IGNORED = -100  # label of a position without loss


@dataclass(frozen=True, slots=True)
class Example:
    """One sequence of ids, with labels of the same length."""

    input_ids: Tensor  # (length,)
    labels: Tensor  # (length,), IGNORED on the prompt


@dataclass(frozen=True, slots=True)
class Texts:
    """A batch, padded on the right."""

    input_ids: Tensor  # (n, longest)
    attention_mask: Tensor  # (n, longest)
    labels: Tensor  # (n, longest)


def example(prompt_ids: Sequence[int], action_ids: Iterable[int], end_id: int) -> Example:
    """`prompt + action + </s>`: the action and the end are learned, the prompt is not."""
    answer = [*action_ids, end_id]
    labels = [IGNORED] * len(prompt_ids) + answer
    return Example(torch.tensor([*prompt_ids, *answer]), torch.tensor(labels))


def question(prompt_ids: Sequence[int]) -> Example:
    """A prompt alone, where the answer is no text."""
    return Example(torch.tensor(prompt_ids), torch.full((len(prompt_ids),), IGNORED))


def collate(examples: Sequence[Example], pad_id: int) -> Texts:
    """The examples as one batch."""
    ids = pad_sequence([e.input_ids for e in examples], True, pad_id)
    labels = pad_sequence([e.labels for e in examples], True, IGNORED)
    lengths = torch.tensor([len(e.input_ids) for e in examples])
    mask = torch.arange(ids.shape[1]) < lengths[:, None]
    return Texts(ids, mask.long(), labels)
