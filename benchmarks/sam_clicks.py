"""How fast a click is answered by SAM, once it has looked at the picture.

    python benchmarks/sam_clicks.py [--quick] [--seed 1] [--json] [--clicks 30]

Opens a take of two 640×480 cameras on Label in a headless Chromium, with segment-anything as the
segmenter. The first click is answered by another one at once; from when SAM's own mask took its
place, its embedding of the picture is kept, and the clicks that count follow: until the mask is
drawn, decoding included. TEACHLOOP_SAM names weights; without it, the benchmark makes some of
ViT-B's shape that know nothing, but see rather where than what: their masks are blobs, with
outlines no shorter than those of things. *Quality of SAM: not measured.*
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from browser import chromium, open_label, place_clicks, serving, told
from frame import Bar, Figures, Options, run
from scrubbing import draw
from torch.nn.functional import interpolate

from teachloop.labeler.segmenters.sam.weights import segment_anything
from teachloop.labeler.settings import FILE, LabelerSettings
from teachloop.runtime.json_file import write_model

NAME, VARIABLE = "segment-anything", "TEACHLOOP_SAM"
TICKS = 30
PLACE_WEIGHT = 3.0  # masks of 20 to 40 pieces; those of 30 are of 3
LOOKED = """() => {
  const { textContent } = document.querySelector(".tl-label [data-camera=front] figcaption");
  return textContent.includes("clicked") && !textContent.includes("provisional");
}"""


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    clicks: int = 30
    """How many clicks."""


def measure(asked: Asked) -> Figures:
    """The first look, and the clicks after it."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        weights = os.environ.get(VARIABLE) or str(made(Path(folder) / "sam_vit_b.pth", asked.seed))
        with serving(browser, "synthetic", partial(fill, weights, asked.seed)) as (page, _):
            open_label(page)
            began = time.monotonic()
            (first,) = place_clicks(page, 1)
            page.wait_for_function(LOOKED)
            looked_s = time.monotonic() - began
            place_clicks(page, 1)
            clicks = told(place_clicks(page, 5 if asked.quick else asked.clicks))
    made_here = VARIABLE not in os.environ
    return {"random_weights": made_here, "first_ms": first["ms"], "looked_s": looked_s, **clicks}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What feels instant, and what hardly does."""
    return [
        Bar("click to SAM's mask, median ms", figures["median_ms"], most=200),
        Bar("click to SAM's mask, p95 ms", figures["p95_ms"], most=350),
        Bar("that without the segmenter", figures["median_without_segmenter_ms"], most=30),
    ]


def made(path: Path, seed: int) -> Path:
    """Weights of ViT-B's shape. What the encoder adds for a place changes slowly over the picture,
    and each of the decoder's larger pixels is of one piece: without that, masks are noise, whose
    outlines are fifty times as long."""
    torch.manual_seed(seed)
    weights = segment_anything().sam_model_registry["vit_b"]().state_dict()
    places = interpolate(torch.randn(1, 768, 4, 4), (64, 64), mode="bicubic")
    weights["image_encoder.pos_embed"] = PLACE_WEIGHT * places.permute(0, 2, 3, 1)
    for layer in (0, 3):
        kernels = weights[f"mask_decoder.output_upscaling.{layer}.weight"]
        kernels.copy_(kernels.mean((2, 3), keepdim=True).expand_as(kernels))
    torch.save(weights, path)
    return path


def fill(weights: str, seed: int, data: Path) -> None:
    """A take, and the settings that name the weights."""
    draw(TICKS, seed, data)
    settings = LabelerSettings(segmenter=NAME, weights={NAME: weights})
    write_model(data / FILE, settings)


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
