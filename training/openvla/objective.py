"""Batches of demonstrations, and the losses of one training step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from ..data.learned_runs import draw
from .augmentation import crop, random_windows, relight
from .demonstrations import Demonstrations
from .examples import Texts, collate, example, question
from .grounding import GroundingHead, grounding_loss, middle, patch_shares
from .model import Answers, OpenVLA
from .parallel import ChunkHead, predict_chunk
from .settings import PATCHES
from .statistics import Statistics


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """n looks, on the device."""

    pixels: Tensor  # (n, 6 * cameras, 224, 224)
    texts: Texts  # prompt and, where actions are tokens, the answer
    prompt: Tensor  # (n,) ids in each prompt
    actions: Tensor  # (n, chunk, 7), normalised; (n, chunk, 6) without a gripper
    proprioception: Tensor  # (n, 10); (n, 9) without a gripper
    masks: Tensor  # (n, 256)


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Of one step. ``action`` and ``grounding`` are minimised."""

    action: Tensor  # cross-entropy of the tokens, or L1 of the chunk
    grounding: Tensor  # 0 without a grounding head
    accuracy: float  # share of right action tokens; NaN for chunks
    l1: float  # mean absolute error of normalised actions


@dataclass(frozen=True, slots=True, eq=False)
class LookBatches:
    """Draws batches and says what the losses are."""

    model: OpenVLA
    head: ChunkHead | None
    grounding: GroundingHead | None
    looks: Demonstrations
    statistics: Statistics
    body: Statistics  # of the proprioception
    augmented: bool

    def draw(self, rng: np.random.Generator, count: int) -> Batch:
        """``count`` random looks, with one of their instructions each."""
        chosen = draw(rng, self.looks.weight, count)
        return self.batch(chosen, [self._said(index, rng) for index in chosen])

    def _said(self, index: int, rng: np.random.Generator) -> str:
        texts = self.looks.instructions[self.looks.instruction[index]]
        return texts[int(rng.integers(len(texts)))]

    def batch(self, chosen: NDArray[np.int64], instructions: Sequence[str]) -> Batch:
        """These looks with these instructions."""
        looks, device = self.looks, self.model.device
        actions = self.statistics.normalise(looks.actions[chosen])
        prompts = [self.model.prompt_ids(text) for text in instructions]
        pixels, masks = self._views(looks.images[chosen], looks.masks[chosen])
        return Batch(
            pixels=pixels,
            texts=_moved(self._texts(prompts, actions), device),
            prompt=torch.tensor([len(ids) for ids in prompts], device=device),
            actions=_tensor(actions).to(device),
            proprioception=_tensor(self.body.normalise(looks.proprioception[chosen])).to(device),
            masks=masks,
        )

    def _views(
        self, images: NDArray[np.uint8], masks: NDArray[np.float32]
    ) -> tuple[Tensor, Tensor]:
        """Pictures (n, cameras, 224, 224, 3) and masks (n, 64, 64) to pixels (n, 6 * cameras, 224,
        224) and patch shares (n, 256). Each picture is cropped and relit by itself."""
        flat = torch.from_numpy(images).to(self.model.device).flatten(0, 1)
        pixels, covered = flat.permute(0, 3, 1, 2).float() / 255, _tensor(masks).to(flat.device)
        if self.augmented:
            windows = random_windows(len(pixels))
            pixels = relight(crop(pixels, windows))
            covered = crop(covered[:, None], windows[:: images.shape[1]])[:, 0]
        views = self.model.image_processor.normalise(pixels)
        views = views.unflatten(0, images.shape[:2]).flatten(1, 2).to(self.model.dtype)
        return views, patch_shares(covered)

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
        texts, asked = batch.texts, self.grounding is not None
        answers = self.model.answers(
            batch.pixels, texts.input_ids, texts.attention_mask, texts.labels, hidden=asked
        )
        loss = F.cross_entropy(answers.logits.float(), answers.labels)
        accuracy, l1 = self._figures(answers, len(batch.prompt))
        return Losses(loss, self._grounding(answers.hidden, batch, PATCHES), accuracy, l1)

    def _figures(self, answers: Answers, count: int) -> tuple[float, float]:
        """Share of right tokens, and how far the actions they stand for are off."""
        pairs = (answers.logits.argmax(-1), answers.labels)
        # behind the action stands the end of the text
        said, right = (ids.view(count, -1)[:, :-1].cpu().numpy() for ids in pairs)
        decode = self.model.action_tokenizer.decode
        return float((said == right).mean()), float(np.abs(decode(said) - decode(right)).mean())

    def _by_chunk(self, batch: Batch, head: ChunkHead) -> Losses:
        texts = batch.texts
        chunk = predict_chunk(
            self.model,
            head,
            batch.pixels,
            texts.input_ids,
            texts.attention_mask,
            batch.proprioception,
            hidden=self.grounding is not None,
        )
        loss = F.l1_loss(chunk.actions.float(), batch.actions)
        added = batch.pixels.shape[1] // 6 * PATCHES + 1  # and the proprioception
        grounding = self._grounding(chunk.hidden, batch, added)
        return Losses(loss, grounding, float("nan"), float(loss.detach()))

    def _grounding(self, hidden: Sequence[Tensor], batch: Batch, added: int) -> Tensor:
        if self.grounding is None:
            return batch.actions.new_zeros(())
        logits = self.grounding(hidden[middle(len(hidden) - 1)], batch.prompt - 1 + added)
        return grounding_loss(logits, batch.masks)


def action(losses: Losses) -> Tensor:
    """Cross-entropy of the action's tokens, or L1 of the chunk."""
    return losses.action


def patches(losses: Losses) -> Tensor:
    """Where the instruction points, against the masks."""
    return losses.grounding


def _tensor(numbers: NDArray[np.floating[Any]]) -> Tensor:
    return torch.from_numpy(numbers).float()


def _moved(texts: Texts, device: torch.device) -> Texts:
    return Texts(*(getattr(texts, name).to(device) for name in Texts.__dataclass_fields__))
