"""One LoRA step of OpenVLA, ours and the reference script's, and how fast each answers.

    python benchmarks/openvla_step.py           # random 7B weights; needs a GPU and timm
    python benchmarks/openvla_step.py --quick   # narrow models, on any machine

The reference is put together from public packages, as its script trains it: timm's towers, the
three-layer projector, transformers' Llama, peft's LoRA (rank 32) on every linear layer, logits
and loss over the whole sequence, autocast to bfloat16, AdamW, no gradient checkpointing. Both
sides get the same batches and weights of the same sizes. Each side runs in a process of its
own, so that peak memory is its own; batches double until one no longer fits, and then the gap is
halved. An adapted model also answers, as it is served.
"""

import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from frame import Bar, Figures, Options, run, say
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from transformers import LlamaForCausalLM

from teachloop.runtime.processes.pool import WorkerPool
from teachloop.training.openvla.checkpoint import empty_openvla
from teachloop.training.openvla.decoding import greedy
from teachloop.training.openvla.lora import ALPHA, RANK, add_lora, openvla_of
from teachloop.training.openvla.model import OpenVLA
from teachloop.training.openvla.quantise import quantise
from teachloop.training.openvla.settings import OpenVLASettings, published_settings
from teachloop.training.openvla.sizes import DINO_ID, SIGLIP_ID, Towers, TowerSize

PROMPT, ANSWER = 24, 8  # ids of a usual instruction; seven actions and the end
WARM_UP, STEPS, LOOKS = 2, 6, 20
SIDES = ("ours", "ours, checkpointing", "reference")


@dataclass(frozen=True)
class Row:
    """One side at one batch size."""

    side: str
    batch: int
    samples_per_s: float
    memory_gib: float  # peak on the GPU; 0 without one


def settings_for(tiny: bool) -> OpenVLASettings:
    """The published model, or one with everything narrow."""
    settings = published_settings()
    if not tiny:
        return settings
    language = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 4}
    text = {**settings.config["text_config"], **language, **heads}
    towers = Towers(
        TowerSize(width=128, depth=3, heads=2, mlp=256, registers=4),
        TowerSize(width=144, depth=3, heads=2, mlp=256),
    )
    return replace(settings, config={**settings.config, "text_config": text}, towers=towers)


def device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def number_type() -> torch.dtype:
    return torch.bfloat16 if device() == "cuda" else torch.float32


def random_openvla(settings: OpenVLASettings) -> OpenVLA:
    """Our model with small random weights."""
    model = empty_openvla(settings).to(number_type()).to_empty(device=device())
    model.restore_buffers(torch.device(device()))
    return _randomised(model)


def random_reference(settings: OpenVLASettings) -> "Reference":
    """The other one, made where it is used."""
    torch.set_default_dtype(number_type())
    with torch.device(device()):
        model = Reference(settings)
    torch.set_default_dtype(torch.float32)
    return _randomised(model)


def _randomised(model: Any) -> Any:
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.02)
    return model


class Reference(nn.Module):
    """Prismatic's fused towers, projector and Llama, as the published model composes them."""

    def __init__(self, settings: OpenVLASettings) -> None:
        import timm  # type: ignore[import-not-found]  # for this benchmark alone

        super().__init__()
        self.featurizer = timm.create_model(DINO_ID, **_timm_sizes(settings.towers.dino))
        self.fused_featurizer = timm.create_model(SIGLIP_ID, **_timm_sizes(settings.towers.siglip))
        vision = settings.towers.dino.width + settings.towers.siglip.width
        language = settings.language
        self.projector = nn.Sequential(
            nn.Linear(vision, 4 * vision), nn.GELU(),
            nn.Linear(4 * vision, language.hidden_size), nn.GELU(),
            nn.Linear(language.hidden_size, language.hidden_size),
        )  # fmt: skip
        self.language_model = LlamaForCausalLM._from_config(language)

    def forward(self, pixels: Tensor, ids: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        views = zip((self.featurizer, self.fused_featurizer), pixels.split(3, 1), strict=True)
        patches = self.projector(torch.cat([_seen(tower, view) for tower, view in views], -1))
        text = self.language_model.get_input_embeddings()(ids)
        ignored = labels.new_full(patches.shape[:2], -100)
        return self.language_model(
            inputs_embeds=torch.cat([text[:, :1], patches, text[:, 1:]], 1),
            attention_mask=ids.new_ones(len(ids), ids.shape[1] + patches.shape[1]),
            labels=torch.cat([labels[:, :1], ignored, labels[:, 1:]], 1),
        ).loss


def _seen(tower: Any, view: Tensor) -> Tensor:
    """The last block but one, without the final norm."""
    return tower.get_intermediate_layers(view, n={len(tower.blocks) - 2})[0]


def _timm_sizes(size: TowerSize) -> dict[str, Any]:
    ratio = size.mlp / size.width
    sizes = {"embed_dim": size.width, "depth": size.depth, "num_heads": size.heads}
    return {"pretrained": False, "num_classes": 0, "img_size": 224, "mlp_ratio": ratio, **sizes}


def batch_of(count: int, text_ids: int) -> tuple[Tensor, Tensor, Tensor]:
    """Random pixels (n, 6, 224, 224), ids and labels (n, PROMPT + ANSWER)."""
    generator = torch.Generator().manual_seed(count)
    pixels = torch.randn(count, 6, 224, 224, generator=generator)
    ids = torch.randint(3, text_ids, (count, PROMPT + ANSWER), generator=generator)
    labels = ids.clone()
    labels[:, :PROMPT] = -100
    return pixels.to(device()), ids.to(device()), labels.to(device())


LossOf = Callable[[Tensor, Tensor, Tensor], Tensor]


def our_loss(settings: OpenVLASettings, checkpointing: bool) -> tuple[nn.Module, LossOf]:
    model = random_openvla(settings)
    model.gradient_checkpointing(checkpointing)
    adapted = add_lora(model, RANK, ALPHA)

    def loss(pixels: Tensor, ids: Tensor, labels: Tensor) -> Tensor:
        inner = openvla_of(adapted)
        said = inner.answers(pixels.to(inner.dtype), ids, torch.ones_like(ids), labels)
        return nn.functional.cross_entropy(said.logits.float(), said.labels)

    return adapted, loss


def reference_loss(settings: OpenVLASettings) -> tuple[nn.Module, LossOf]:
    model = random_reference(settings)
    kinds = (nn.Linear, nn.Conv2d)
    layers = [name for name, module in model.named_modules() if isinstance(module, kinds)]
    config = LoraConfig(
        r=RANK, lora_alpha=ALPHA, target_modules=layers, init_lora_weights="gaussian"
    )
    adapted = get_peft_model(model, config)
    return adapted, lambda pixels, ids, labels: adapted(pixels.to(number_type()), ids, labels)


def steps(side: str, settings: OpenVLASettings, largest: int) -> Iterator[Row]:
    """Rows of growing batches; where the memory is full, of those between."""
    ours = side != "reference"
    parts = our_loss(settings, "checkpointing" in side) if ours else reference_loss(settings)
    adapted, loss_of = parts
    adapted.train()
    trained = [p for p in adapted.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=5e-4)
    fits, full, count = 0, 0, 1
    while fits < count <= largest:
        try:
            yield _measured(side, count, loss_of, optimizer, settings.text_ids)
            fits = count
        except torch.cuda.OutOfMemoryError:
            full = count
        count = (fits + full) // 2 if full else 2 * fits


def _measured(
    side: str, count: int, loss_of: LossOf, optimizer: torch.optim.Optimizer, text_ids: int
) -> Row:
    batch = batch_of(count, text_ids)
    if device() == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    began = _now()
    for step in range(WARM_UP + STEPS):
        if step == WARM_UP:
            began = _now()
        optimizer.zero_grad()
        with torch.autocast(device(), torch.bfloat16, enabled=device() == "cuda"):
            loss = loss_of(*batch)
        loss.backward()
        optimizer.step()
    taken = _now() - began
    memory = torch.cuda.max_memory_allocated() / 2**30 if device() == "cuda" else 0.0
    return Row(side, count, round(STEPS * count / taken, 2), round(memory, 2))


def _now() -> float:
    if device() == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def run_side(side: str, tiny: bool, largest: int) -> list[dict[str, Any]]:
    """In a process of its own."""
    return [asdict(row) for row in steps(side, settings_for(tiny), largest)]


def answers_per_s(bits: int, tiny: bool) -> float:
    """Actions of seven tokens, one look after the other."""
    model = random_openvla(settings_for(tiny)).eval()
    if bits:
        quantise(model, bits, torch.device(device()))
    for name, parameter in add_lora(model, RANK, ALPHA).named_parameters():
        if ".lora_" in name:  # as `load_openvla_policy` serves it
            parameter.data = parameter.data.to(number_type())
    pixels, ids, _ = batch_of(1, model.settings.text_ids)
    began = _now()
    for look in range(WARM_UP + LOOKS):
        if look == WARM_UP:
            began = _now()
        greedy(model, pixels.to(model.dtype), ids[:, :PROMPT])
    return round(LOOKS / (_now() - began), 2)


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    """A quick run is one of narrow models, on any machine."""

    largest: int = 256
    """Batch to stop at."""


def measure(asked: Asked) -> Figures:
    """Steps of each side, answers of ours, and the ratios."""
    largest = 2 if asked.quick else asked.largest
    result: dict[str, Any] = {"machine": _machine(), "torch": torch.__version__, "steps": []}
    for side in SIDES:
        result["steps"] += _apart(run_side, side, asked.quick, largest)
        say(result["steps"][-1])
    answers = {name: _apart(answers_per_s, bits, asked.quick) for name, bits in _bits().items()}
    return {**result, "answers_per_s": answers, "ratios": ratios(result["steps"])}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Of the 7B on a GPU; narrow models, whose vocabulary outweighs their layers, tell nothing."""
    if asked.quick:
        return []
    ours = max(figures["ratios"].values(), key=lambda each: each["samples_per_s"])
    return [
        Bar("samples a second, of the reference's", ours["samples_per_s"], least=1.5),
        Bar("memory, of the reference's", ours["memory"], most=0.7),
    ]


def _bits() -> dict[str, int]:
    return {"bfloat16": 0, "4 bits": 4} if device() == "cuda" else {"float32": 0}


def _apart(work: Callable[..., Any], *given: Any) -> Any:
    with WorkerPool(1, "measuring") as pool:
        return pool.result(pool.submit(work, *given))


def ratios(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of each of our sides to the reference, at the largest batch that all of them fit."""
    by_side = {side: {r["batch"]: r for r in rows if r["side"] == side} for side in SIDES}
    common = max(set.intersection(*(set(batches) for batches in by_side.values())), default=0)
    if not common:
        return {}
    reference = by_side["reference"][common]
    return {
        f"{side}, batch {common}": {
            "samples_per_s": by_side[side][common]["samples_per_s"] / reference["samples_per_s"],
            "memory": by_side[side][common]["memory_gib"] / (reference["memory_gib"] or 1),
        }
        for side in SIDES[:2]
    }


def _machine() -> str:
    return torch.cuda.get_device_name() if device() == "cuda" else f"{platform.machine()} CPU"


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
