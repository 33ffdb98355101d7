"""Batches of demonstrations, and the losses of one training step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from .actions import ACTION_WIDTH
from .augmentation import augment
from .demonstrations import Demonstrations
from .examples import IGNORED, Texts, collate, example, question
from .model import OpenVLA
from .parallel import ChunkHead, predict_chunk
from .pointing import Pointer, middle, pointing_loss
from .settings import PATCHES
from .statistics import Statistics


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """n looks, on the device."""

    pixels: Tensor  # (n, 6 * cameras, 224, 224)
    texts: Texts  # prompt and, where actions are tokens, the answer
    prompt: Tensor  # (n,) ids in each prompt
    actions: Tensor  # (n, chunk, 7), normalised
    proprioception: Tensor  # (n, 10)
    masks: Tensor  # (n, 256)


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Of one step. ``action`` and ``grounding`` are minimised."""

    action: Tensor  # cross-entropy of the tokens, or L1 of the chunk
    grounding: Tensor  # 0 without a pointer
    accuracy: float  # share of right action tokens; NaN for chunks
    l1: float  # mean absolute error of normalised actions


@dataclass(frozen=True, slots=True, eq=False)
class Teacher:
    """Draws batches and says what the losses are."""

    model: OpenVLA
    head: ChunkHead | None
    pointer: Pointer | None
    looks: Demonstrations
    statistics: Statistics
    augmented: bool

    def draw(self, rng: np.random.Generator, count: int) -> Batch:
        """``count`` random looks, with one of their instructions each."""
        chosen = rng.integers(len(self.looks), size=count)
        return self.batch(chosen, [self._said(index, rng) for index in chosen])

    def _said(self, index: int, rng: np.random.Generator) -> str:
        texts = self.looks.instructions[self.looks.instruction[index]]
        return texts[int(rng.integers(len(texts)))]

    def batch(self, chosen: NDArray[np.int64], instructions: Sequence[str]) -> Batch:
        """These looks with these instructions."""
        looks, device = self.looks, self.model.device
        actions = self.statistics.normalise(looks.actions[chosen])
        prompts = [self.model.prompt_ids(text) for text in instructions]
        return Batch(
            pixels=self._pixels(looks.images[chosen]),
            texts=_moved(self._texts(prompts, actions), device),
            prompt=torch.tensor([len(ids) for ids in prompts], device=device),
            actions=torch.from_numpy(actions).float().to(device),
            proprioception=torch.from_numpy(looks.proprioception[chosen]).to(device),
            masks=torch.from_numpy(looks.masks[chosen]).to(device),
        )

    def _pixels(self, images: NDArray[np.uint8]) -> Tensor:
        """(n, cameras, 224, 224, 3) to (n, 6 * cameras, 224, 224)."""
        flat = torch.from_numpy(images).to(self.model.device).flatten(0, 1)
        pixels = flat.permute(0, 3, 1, 2).float() / 255
        pixels = augment(pixels) if self.augmented else pixels
        views = self.model.image_processor.normalise(pixels)
        return views.unflatten(0, images.shape[:2]).flatten(1, 2).to(self.model.dtype)

    def _texts(self, prompts: Sequence[Sequence[int]], actions: NDArray[np.float64]) -> Texts:
        pad, end = self.model.settings.pad_id, self.model.settings.end_id
        if self.head is not None:
            return collate([question(ids) for ids in prompts], pad)
        tokens = self.model.action_tokenizer.encode(actions[:, 0])
        pairs = zip(prompts, tokens.tolist(), strict=True)
        return collate([example(ids, answer, end) for ids, answer in pairs], pad)

    def losses(self, batch: Batch) -> Losses:
        """Of the model as it is."""
        return self._by_tokens(batch) if self.head is None else self._by_chunk(batch, self.head)

    def _by_tokens(self, batch: Batch) -> Losses:
        texts, asked = batch.texts, self.pointer is not None
        seen = self.model(
            batch.pixels, texts.input_ids, texts.attention_mask, texts.labels, hidden=asked
        )
        added = seen.logits.shape[1] - texts.input_ids.shape[1]
        accuracy, l1 = self._answers(seen.logits[:, added:], texts.labels)
        return Losses(seen.loss, self._grounding(seen.hidden, batch, added), accuracy, l1)

    def _answers(self, logits: Tensor, labels: Tensor) -> tuple[float, float]:
        """Share of right tokens, and how far the actions they stand for are off."""
        first = (labels != IGNORED).int().argmax(1, keepdim=True)
        place = first + torch.arange(ACTION_WIDTH, device=labels.device)
        rows = torch.arange(len(labels), device=labels.device)[:, None]
        said, right = logits[rows, place - 1].argmax(-1), labels[rows, place]
        decode = self.model.action_tokenizer.decode
        off = np.abs(decode(said.cpu().numpy()) - decode(right.cpu().numpy()))
        return float((said == right).float().mean()), float(off.mean())

    def _by_chunk(self, batch: Batch, head: ChunkHead) -> Losses:
        texts = batch.texts
        chunk = predict_chunk(
            self.model,
            head,
            batch.pixels,
            texts.input_ids,
            texts.attention_mask,
            batch.proprioception,
            hidden=self.pointer is not None,
        )
        loss = F.l1_loss(chunk.actions.float(), batch.actions)
        added = batch.pixels.shape[1] // 6 * PATCHES + 1  # and the proprioception
        grounding = self._grounding(chunk.hidden, batch, added)
        return Losses(loss, grounding, float("nan"), float(loss.detach()))

    def _grounding(self, hidden: Sequence[Tensor], batch: Batch, added: int) -> Tensor:
        if self.pointer is None:
            return batch.actions.new_zeros(())
        logits = self.pointer(hidden[middle(len(hidden) - 1)], batch.prompt - 1 + added)
        return pointing_loss(logits, batch.masks)


def _moved(texts: Texts, device: torch.device) -> Texts:
    return Texts(*(getattr(texts, name).to(device) for name in Texts.__dataclass_fields__))
