"""The methods that come with the labeler, by name."""

from collections.abc import Mapping

from .settings import Method

_HERE = __name__.rpartition(".")[0]
_SAM2 = "TEACHLOOP_SAM2"
SEGMENTERS: Mapping[str, str | Method] = {
    "classical": Method(
        factory=f"{_HERE}.segmenters.classical.segmenter:ClassicalSegmenter",
        needs="nothing beside OpenCV",
        costs="5 to 40 ms a click",
    ),
    "segment-anything": Method(
        factory=f"{_HERE}.segmenters.sam.segmenter:SamSegmenter",
        check=f"{_HERE}.segmenters.sam.weights:check_weights",
        variable="TEACHLOOP_SAM",
        needs="weights of SAM's ViT-B, L or H",
        costs="on two cores 9 s for the first click in a frame, then 60 ms a click; ViT-B",
        several=True,
    ),
    "sam2": Method(
        factory=f"{_HERE}.segmenters.sam2.segmenter:Sam2Segmenter",
        check=f"{_HERE}.segmenters.sam2.segmenter:check_weights",
        variable=_SAM2,
        needs="weights of SAM 2, 2.1 or EdgeTAM by transformers, a folder or a fetched hub id",
        costs="on two cores 2.4 s for the first click in a frame, then 60 ms a click; tiny",
        several=True,
    ),
}
PROPAGATORS: Mapping[str, str | Method] = {
    "classical": Method(
        factory=f"{_HERE}.propagation.classical.propagator:ClassicalPropagator",
        needs="nothing beside OpenCV; better where cameras are calibrated",
        costs="a few ms a frame and object",
    ),
    "sam2": Method(
        factory=f"{_HERE}.propagation.sam2.propagator:Sam2Propagator",
        variable=_SAM2,
        needs="weights of SAM 2, 2.1 or EdgeTAM by transformers; a mask in each camera",
        costs="on two cores 7 s a frame, 4 s more for each further object; tiny",
    ),
}
FINDERS: Mapping[str, str | Method] = {
    "sam3": Method(
        factory=f"{_HERE}.finders.sam3.finder:Sam3Finder",
        check=f"{_HERE}.finders.sam3.weights:check_weights",
        variable="TEACHLOOP_SAM3",
        needs="weights of SAM 3, whose licence is to be agreed to on the hub first; by "
        "transformers, a folder or a hub id that was fetched",
        costs="not measured; with 0.8 billion parameters a look takes long without a GPU",
    ),
}
PARAPHRASERS: Mapping[str, str | Method] = {
    "templates": Method(
        factory=f"{_HERE}.paraphrasing.templates:Templates",
        needs="nothing; English alone",
        costs="at once",
    ),
    "language-model": Method(
        factory=f"{_HERE}.paraphrasing.language_model.paraphraser:LanguageModelParaphraser",
        check=f"{_HERE}.paraphrasing.language_model.loading:check_weights",
        variable="TEACHLOOP_LANGUAGE_MODEL",
        needs="a causal language model by transformers, a folder or a hub id that was fetched",
        costs="0.5B on two busy cores 2 minutes; 2 GB, and 3.3 GB while it loads",
    ),
}
