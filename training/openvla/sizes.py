"""How large each part of an OpenVLA is: known, told by towers.json, or read off the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.validation import explain

DINO_ID, SIGLIP_ID = "vit_large_patch14_reg4_dinov2.lvd142m", "vit_so400m_patch14_siglip_224"
HEAD_WIDTH = {DINO_ID: 64, SIGLIP_ID: 72}  # timm's; weights do not tell it
PREFIXES = ("vision_backbone.featurizer.", "vision_backbone.fused_featurizer.")
CARDS = ("featurizer", "fused_featurizer")  # in towers.json
Shapes = Mapping[str, Sequence[int]]  # reference key -> shape
Number = Annotated[int, Field(ge=1)]


class UnknownTower(TeachloopError):
    """The number of attention heads of a vision tower cannot be known."""

    def __init__(self, timm_id: str, width: int) -> None:
        super().__init__(
            f"The heads of the vision tower {timm_id!r} of width {width} are not known: put a "
            "towers.json with width, depth, heads, patch, mlp_ratio, registers beside its weights. "
            f"Known without it: {', '.join(HEAD_WIDTH)}."
        )


class WrongTowers(TeachloopError):
    """Something about the vision towers is missing or does not fit together."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The vision towers cannot be built: {reason}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TowerSize:
    """A vision transformer's sizes."""

    width: int
    depth: int  # blocks, the unused last one too
    heads: int
    mlp: int  # width inside a block's MLP
    patch: int = 14  # pixels
    registers: int = 0


class TowerCard(BaseModel):
    """A tower in towers.json."""

    model_config = ConfigDict(frozen=True, strict=True)

    width: Number
    depth: Number
    heads: Number
    patch: Number
    mlp_ratio: Annotated[FiniteFloat, Field(gt=0)]
    registers: Annotated[int, Field(ge=0)] = 0

    @property
    def size(self) -> TowerSize:
        return TowerSize(
            width=self.width,
            depth=self.depth,
            heads=self.heads,
            mlp=int(self.width * self.mlp_ratio),
            patch=self.patch,
            registers=self.registers,
        )


DINO_LARGE = TowerSize(width=1024, depth=24, heads=16, mlp=4096, registers=4)
SIGLIP_SO400M = TowerSize(width=1152, depth=27, heads=16, mlp=4304)


@dataclass(frozen=True, slots=True)
class Towers:
    """DINOv2 with registers, and SigLIP. By default those of the published 7B."""

    dino: TowerSize = DINO_LARGE
    siglip: TowerSize = SIGLIP_SO400M


def towers_from_cards(cards: Mapping[str, Mapping[str, Any]]) -> Towers:
    """The towers that a towers.json describes. Raises WrongTowers."""
    try:
        return Towers(*(TowerCard.model_validate(cards.get(name)).size for name in CARDS))
    except ValidationError as error:
        raise WrongTowers(f"in towers.json, {explain(error.errors())}") from error


def towers_from_shapes(timm_ids: Sequence[str], shapes: Shapes) -> Towers:
    """The towers that the weights' shapes tell of. Raises UnknownTower, WrongTowers."""
    pairs = zip(timm_ids, PREFIXES, strict=True)
    return Towers(*(_from_shapes(timm_id, prefix, shapes) for timm_id, prefix in pairs))


def _from_shapes(timm_id: str, prefix: str, shapes: Shapes) -> TowerSize:
    width, _, patch, _ = _shape(shapes, f"{prefix}patch_embed.proj.weight", 4)
    head = HEAD_WIDTH.get(timm_id)
    if head is None or width % head:
        raise UnknownTower(timm_id, width)
    return TowerSize(
        width=width,
        depth=_depth(shapes, prefix),
        heads=width // head,
        mlp=_shape(shapes, f"{prefix}blocks.0.mlp.fc1.weight", 2)[0],
        patch=patch,
        registers=shapes.get(f"{prefix}reg_token", (1, 0, width))[1],
    )


def _depth(shapes: Shapes, prefix: str) -> int:
    start = f"{prefix}blocks."
    return len({key[len(start) :].split(".")[0] for key in shapes if key.startswith(start)})


def _shape(shapes: Shapes, key: str, dimensions: int) -> Sequence[int]:
    if len(shapes.get(key, ())) != dimensions:
        raise WrongTowers(f"the weights have no {key} of {dimensions} dimensions")
    return shapes[key]
