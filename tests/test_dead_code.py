"""Everything in the product is reached from the product or its benchmarks, not from tests alone."""

from pathlib import Path

from vulture import Vulture

from teachloop.simulation.language import VERBS

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "recorder", "labeler", "training", "jobs", "simulation", "datasets", "runtime")
ROOMS += ("geometry", "benchmarks")
# Called by a framework that finds them by a decorator.
REGISTERED = ["@*.get", "@*.post", "@*.put", "@*.patch", "@*.delete", "@*.websocket"]
REGISTERED += ["@*.register", "@*validator*", "@*_serializer", "@event.listens_for", "@*.setter"]
# For people who write drivers, policies or exports, and for who checks a published figure.
PUBLIC = {
    "check_robot", "check_camera", "check_leaving",  # recorder/devices/conformance.py
    "target_deltas", "integrate",  # docs/conventions.md: how deltas and targets go together
    "predict_action",  # as the published OpenVLA names it
    "reference_count", "saved_count", "trainable_count",  # of the published adapter's parameters
    "frame_number",  # what a synthetic camera draws, read back
    "find_spec", "exec_module",  # of an import finder and its loader
    "mend_torchvision",  # called by the package itself
    "cloning", "cloning_l2", "cloning_two_step", "cloning_flow",  # objectives, which the registry
    "grounding_mse", "triplet",  # names
    "SamSegmenter", "Sam2Segmenter", "Sam2Propagator", "Sam3Finder",  # likewise labeler/built_in.py
    "check_weights",  # likewise
    "Templates", "LanguageModelParaphraser",  # likewise
    "get_vision_features", "cache_vision_features",  # what a session of transformers asks for
}  # fmt: skip
BY_VERB = {f"_{verb}" for verb in VERBS}  # simulation: a method for each verb of the tasks


def test_nothing_is_reached_by_tests_alone() -> None:
    finder = Vulture(ignore_decorators=REGISTERED)
    finder.scavenge([str(ROOT / room) for room in ROOMS])
    kinds = ("function", "method", "class", "property", "import")
    unused = [item for item in finder.get_unused_code() if item.typ in kinds]
    found = {
        f"{item.filename.relative_to(ROOT)}:{item.first_lineno} {item.name}"
        for item in unused
        if item.name not in PUBLIC | BY_VERB
    }
    assert found == set()
