"""SAM's mask decoder in one image, by the package's weights, in half the time of its modules. What
no prompt changes is worked out once for the image, and pixels keep their channels beside them to
the end, so that nothing is copied into another order on the way."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, scaled_dot_product_attention

WHOLE, MEANINGS = slice(0, 1), slice(1, None)  # of the masks: the one of several prompts, the three


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The image as a block of the transformer finds it, with what it makes of that alone."""

    cells: Tensor  # (1, cells, width)
    keys: Tensor  # (1, cells, width / 2) for the tokens that look at it
    values: Tensor
    queries: Tensor | None = None  # for its look at the tokens; the last block has none


class ImageDecoder:
    """Decodes prompts in an image of which the encoder made ``features`` (1, width, side, side)."""

    def __init__(self, model: Any, features: Tensor) -> None:
        self._decoder, self._prompts = model.mask_decoder, model.prompt_encoder
        self._blocks = self._decoder.transformer.layers
        self._side: int = features.shape[-1]
        self._features = _cells(features)
        self._places = _cells(self._prompts.get_dense_pe())
        unmasked = self._features + self._prompts.no_mask_embed.weight
        self._unmasked = self._seen(unmasked, self._blocks[0])

    def decode(
        self,
        points: tuple[Tensor, Tensor] | None,
        boxes: Tensor | None,
        masks: Tensor | None,
        several: bool,
    ) -> tuple[Tensor, Tensor]:
        """Logits (n, 4 side, 4 side) and scores (n,). ``points`` (1, clicks, 2) in the model's
        square and (1, clicks), ``boxes`` (1, 4), ``masks`` (1, 1, 4 side, 4 side) logits; n is 3
        where ``several`` may be meant, else 1."""
        prompts, dense = self._prompts(points=points, boxes=boxes, masks=masks)
        own = torch.cat([self._decoder.iou_token.weight, self._decoder.mask_tokens.weight])
        seen = self._unmasked
        if masks is not None:
            seen = self._seen(self._features + _cells(dense), self._blocks[0])
        tokens, cells = self._transformed(torch.cat([own[None], prompts], 1), seen)
        chosen = MEANINGS if several else WHOLE
        scores = self._decoder.iou_prediction_head(tokens[:, 0])[0, chosen]
        return self._masks(tokens[0, 1 : len(own)][chosen], cells[0], chosen), scores

    def _transformed(self, asked: Tensor, seen: _Seen) -> tuple[Tensor, Tensor]:
        """Tokens (1, tokens, width) and cells after all blocks."""
        tokens = asked
        for number, block in enumerate(self._blocks):
            tokens, cells = _through(block, tokens, asked, seen)
            after = self._blocks[number + 1 :]
            seen = self._seen(cells, after[0]) if len(after) else self._seen_last(cells)
        transformer = self._decoder.transformer
        last = transformer.final_attn_token_to_image
        looked = _attend(last, last.q_proj(tokens + asked), seen.keys, seen.values)
        return transformer.norm_final_attn(tokens + looked), seen.cells

    def _seen(self, cells: Tensor, block: Any) -> _Seen:
        there, back = block.cross_attn_token_to_image, block.cross_attn_image_to_token
        placed = cells + self._places
        return _Seen(cells, there.k_proj(placed), there.v_proj(cells), back.q_proj(placed))

    def _seen_last(self, cells: Tensor) -> _Seen:
        last = self._decoder.transformer.final_attn_token_to_image
        return _Seen(cells, last.k_proj(cells + self._places), last.v_proj(cells))

    def _masks(self, tokens: Tensor, cells: Tensor, chosen: slice) -> Tensor:
        """Logits (n, 4 side, 4 side) of tokens (n, width), in cells (cells, width)."""
        first, norm, _, second, _ = self._decoder.output_upscaling
        finer = _magnified(cells, first)
        finer = layer_norm(finer, finer.shape[-1:], norm.weight, norm.bias, norm.eps)
        finest = gelu(_magnified(gelu(finer), second))
        networks = list(self._decoder.output_hypernetworks_mlps)[chosen]
        asked = torch.stack(
            [network(token) for network, token in zip(networks, tokens, strict=True)]
        )
        logits = (finest @ asked.T).reshape(*2 * (self._side,), *4 * (2,), len(tokens))
        return logits.permute(6, 0, 2, 4, 1, 3, 5).reshape(len(tokens), *2 * (4 * self._side,))


def _cells(grid: Tensor) -> Tensor:
    """Of (1, width, side, side) the cells (1, side², width), row by row."""
    return grid.flatten(2).transpose(1, 2).contiguous()


def _through(block: Any, tokens: Tensor, asked: Tensor, seen: _Seen) -> tuple[Tensor, Tensor]:
    """Tokens and cells after a block: tokens look at each other, at the image, and it at them."""
    placed = tokens if block.skip_first_layer_pe else tokens + asked
    looked = block.self_attn(q=placed, k=placed, v=tokens)
    tokens = block.norm1(looked if block.skip_first_layer_pe else tokens + looked)
    there, back = block.cross_attn_token_to_image, block.cross_attn_image_to_token
    looked = _attend(there, there.q_proj(tokens + asked), seen.keys, seen.values)
    tokens = block.norm2(tokens + looked)
    tokens = block.norm3(tokens + block.mlp(tokens))
    assert seen.queries is not None
    looked = _attend(back, seen.queries, back.k_proj(tokens + asked), back.v_proj(tokens))
    return tokens, block.norm4(seen.cells + looked)


def _attend(attention: Any, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Of queries (1, n, width / 2): (1, n, width)."""

    def heads(each: Tensor) -> Tensor:
        return each.unflatten(-1, (attention.num_heads, -1)).transpose(1, 2)

    found = scaled_dot_product_attention(heads(queries), heads(keys), heads(values))
    return attention.out_proj(found.transpose(1, 2).flatten(2))


def _magnified(pixels: Tensor, convolution: Any) -> Tensor:
    """Each of (pixels, width) as four (4 · pixels, narrower), two above the other two: a transposed
    convolution of 2 × 2 pixels, 2 apart, which do not overlap."""
    weight = convolution.weight.permute(2, 3, 1, 0)  # (2, 2, narrower, width)
    narrower = weight.shape[2]
    four = linear(pixels, weight.reshape(-1, weight.shape[3]), convolution.bias.repeat(4))
    return four.reshape(-1, narrower)
