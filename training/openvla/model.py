"""OpenVLA (Kim et al. 2024): two vision towers, a projector and Llama 2, which reads
`[BOS] + 256 patches + text` and writes seven action tokens."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from ...runtime.errors import TeachloopError
from .actions import ActionTokenizer
from .examples import IGNORED
from .images import ImageProcessor
from .prompt import PromptTokenizer
from .settings import OpenVLASettings
from .vision import VisionBackbone, restore_buffers


class NoSuchAttention(TeachloopError):
    """An attention implementation that this machine does not have."""

    def __init__(self, name: str, reason: Exception) -> None:
        first = str(reason).splitlines()[0]
        super().__init__(f"Attention {name!r} cannot be used: {first} 'sdpa' always works.")


class NoTokenizer(TeachloopError):
    """A checkpoint without tokenizer files cannot read text."""

    def __init__(self) -> None:
        super().__init__(
            "This checkpoint has no tokenizer, so it cannot read an instruction: put the files "
            "tokenizer.json and tokenizer_config.json of openvla/openvla-7b into its folder."
        )


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a forward pass gives."""

    logits: Tensor  # (n, 256 * cameras + text, vocabulary)
    loss: Tensor | None  # mean cross-entropy of the labelled tokens
    patches: Tensor  # (n, 256 * cameras, language width)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What is said at the labelled places alone, one row of the batch after the other."""

    logits: Tensor  # (labelled, vocabulary)
    labels: Tensor  # (labelled,)
    hidden: tuple[Tensor, ...]  # (n, 256 * cameras + text, width) between the layers, if asked for


class Reading(NamedTuple):
    """What the language model reads."""

    embeddings: Tensor  # (n, length, width)
    mask: Tensor  # (n, length), 1 where there is something


class Projector(nn.Module):
    """Patch features (…, vision width) → the language model's width."""

    def __init__(self, vision: int, language: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(vision, 4 * vision)
        self.fc2 = nn.Linear(4 * vision, language)
        self.fc3 = nn.Linear(language, language)

    def forward(self, features: Tensor) -> Tensor:
        hidden = nn.functional.gelu(self.fc1(features))
        return self.fc3(nn.functional.gelu(self.fc2(hidden)))


class OpenVLA(nn.Module):
    """The policy. Load it with `checkpoint.load_openvla`; built by hand it has no weights."""

    def __init__(
        self,
        settings: OpenVLASettings,
        tokenizer: PromptTokenizer | None = None,
        attention: str = "sdpa",
    ) -> None:
        super().__init__()
        self.settings = settings
        self.tokenizer = tokenizer
        self.attention = attention
        self.image_processor = ImageProcessor.of(settings.preprocessor)
        self.action_tokenizer = ActionTokenizer(settings.text_ids, settings.action_bins)
        self._build(settings, attention)

    def _build(self, settings: OpenVLASettings, attention: str) -> None:
        language, towers = settings.language, settings.towers
        try:
            self.vision_backbone = VisionBackbone(towers, attention)
            self.language_model = LlamaForCausalLM._from_config(
                language, attn_implementation=attention
            )
        except (ImportError, ValueError) as error:
            raise NoSuchAttention(attention, error) from error
        vision_width = towers.dino.width + towers.siglip.width
        self.projector = Projector(vision_width, language.hidden_size)

    def restore_buffers(self, device: torch.device) -> None:
        """Make what no checkpoint holds, after the model was built on the meta device."""
        restore_buffers(self.vision_backbone, device)
        rotary = LlamaRotaryEmbedding(self.language_model.config)
        self.language_model.model.rotary_emb = rotary.to(device)

    @property
    def device(self) -> torch.device:
        return self.language_model.lm_head.weight.device

    @property
    def dtype(self) -> torch.dtype:
        return self.language_model.lm_head.weight.dtype

    def gradient_checkpointing(self, on: bool) -> None:
        """Keep no activations inside the blocks while training: less memory, a third slower."""
        backbone = self.vision_backbone
        for part in (backbone.featurizer, backbone.fused_featurizer, self.language_model):
            if hasattr(part, "activation_checkpointing_enable"):
                enable, disable = (
                    part.activation_checkpointing_enable,
                    part.activation_checkpointing_disable,
                )
            else:  # transformers before 5.21, which is the newest for Python 3.10
                enable, disable = (
                    part.gradient_checkpointing_enable,
                    part.gradient_checkpointing_disable,
                )
            enable({"use_reentrant": False}) if on else disable()

    def patches(self, pixel_values: Tensor) -> Tensor:
        """(n, 6 * cameras, 224, 224) → (n, 256 * cameras, language width)."""
        views = pixel_values.unflatten(1, (-1, 6))
        projected = self.projector(self.vision_backbone(views.flatten(0, 1)))
        return projected.unflatten(0, views.shape[:2]).flatten(1, 2)

    def sequence(self, patches: Tensor, input_ids: Tensor, attention_mask: Tensor) -> Reading:
        """The patches (n, p, width) put after the first token of the text (n, length)."""
        text = self.language_model.get_input_embeddings()(input_ids)
        seen = attention_mask.new_ones(patches.shape[:2])
        return Reading(
            torch.cat([text[:, :1], patches.to(text.dtype), text[:, 1:]], 1),
            torch.cat([attention_mask[:, :1], seen, attention_mask[:, 1:]], 1),
        )

    def forward(
        self,
        pixel_values: Tensor,
        input_ids: Tensor,
        attention_mask: Tensor,
        labels: Tensor | None = None,
    ) -> Prediction:
        """Logits, and with ``labels`` the loss.

        pixel_values (n, 6 * cameras, 224, 224); input_ids, attention_mask and labels (n, length),
        padded on the right, labels IGNORED (-100) where nothing is to be learned.
        """
        patches = self.patches(pixel_values)
        sequence = self.sequence(patches, input_ids, attention_mask)
        if labels is not None:
            ignored = labels.new_full(patches.shape[:2], IGNORED)
            labels = torch.cat([labels[:, :1], ignored, labels[:, 1:]], 1)
        output = self.language_model(
            inputs_embeds=sequence.embeddings,
            attention_mask=sequence.mask,
            labels=labels,
            use_cache=False,
        )
        return Prediction(output.logits, output.loss, patches)

    def answers(
        self,
        pixel_values: Tensor,
        input_ids: Tensor,
        attention_mask: Tensor,
        labels: Tensor,
        hidden: bool = False,
    ) -> Answers:
        """What ``forward`` says where there is a label. The logits of the patches and the prompt,
        which training has no use for, would need more memory than a layer."""
        patches = self.patches(pixel_values)
        sequence = self.sequence(patches, input_ids, attention_mask)
        output = self.language_model.model(
            inputs_embeds=sequence.embeddings,
            attention_mask=sequence.mask,
            use_cache=False,
            output_hidden_states=hidden,
        )
        rows, places = (labels != IGNORED).nonzero(as_tuple=True)
        before = output.last_hidden_state[rows, places - 1 + patches.shape[1]]
        logits = self.language_model.lm_head(before)
        return Answers(logits, labels[rows, places], output.hidden_states or ())

    def prompt_ids(self, instruction: str) -> list[int]:
        """What the model reads before it answers. Raises NoTokenizer."""
        if self.tokenizer is None:
            raise NoTokenizer
        return self.tokenizer(instruction)
