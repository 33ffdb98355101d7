"""A method of somebody else is one file and one line of settings, and then does the work."""

import json
from pathlib import Path

import made_up_methods
import pytest
from drawn_takes import SIDE, draw_take

from teachloop.datasets.labels.masks import area
from teachloop.labeler.methods import Methods, UnknownMethod, UnusableMethod
from teachloop.labeler.propagation.classical.propagator import ClassicalPropagator
from teachloop.labeler.segmenters.classical.segmenter import ClassicalSegmenter
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.settings import LabelerSettings, WrongSettings


def settings(data: Path, **content: object) -> LabelerSettings:
    (data / "labeler.json").write_text(json.dumps(content))
    return LabelerSettings.read(data)


def test_the_classical_methods_are_the_default(tmp_path: Path) -> None:
    methods = Methods(LabelerSettings.read(tmp_path))
    assert isinstance(methods.segmenter(), ClassicalSegmenter)
    assert isinstance(methods.propagator(), ClassicalPropagator)


def test_a_named_method_labels_a_take(tmp_path: Path) -> None:
    draw_take(tmp_path, "one", labeled=False)
    chosen = settings(
        tmp_path,
        segmenters={"squares": "made_up_methods:Squares"},
        propagators={"copies": {"factory": "made_up_methods:Copies", "costs": "nothing"}},
        segmenter="squares",
    )
    methods = Methods(chosen)
    before = made_up_methods.Squares.images
    with LabelingSession.open(tmp_path / "takes" / "one", "Ada", methods) as session:
        session.click("front", 0, "cup", 10.0, 10.0)
        session.click("front", 0, "cup", 20.0, 20.0)
        session.propagate(propagator="copies")
        masks = session.snapshot.masks
    assert made_up_methods.Squares.images == before + 1
    assert area(masks["front", 0, "cup"].rle) == 2 * made_up_methods.SIDE**2
    assert len(masks) == 40
    assert masks["wrist", 19, "cup"].confidence == 0.25
    assert (masks["wrist", 19, "cup"].rle.width, masks["wrist", 19, "cup"].rle.height) == (
        SIDE,
        SIDE,
    )


def offered(methods: Methods) -> tuple[list[str], list[str]]:
    """Segmenters and propagators."""
    kinds = (methods.segmenters, methods.propagators)
    return tuple([name for name, method in kind.items() if method.offered] for kind in kinds)  # type: ignore[return-value]


def test_methods_are_offered_where_their_weights_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("TEACHLOOP_SAM", "TEACHLOOP_SAM2"):
        monkeypatch.delenv(variable, raising=False)
    assert offered(Methods()) == (["classical"], ["classical"])
    named = settings(tmp_path, weights={"sam2": "facebook/sam2.1-hiera-tiny"})
    assert offered(Methods(named)) == (["classical", "sam2"], ["classical", "sam2"])
    monkeypatch.setenv("TEACHLOOP_SAM", "sam_vit_b.pth")
    assert offered(Methods()) == (["classical", "segment-anything"], ["classical"])


def test_two_propagators_of_one_kind_have_each_their_own_weights(tmp_path: Path) -> None:
    kind = "made_up_methods:WeighedCopies"
    known = {name: {"factory": kind, "weights": name} for name in ("small", "large")}
    methods = Methods(settings(tmp_path, propagators=known, weights={"large": "larger"}))
    made = [methods.propagator(name) for name in ("small", "large", "small")]
    assert [each.weights for each in made] == ["small", "larger", "small"]  # type: ignore[attr-defined]
    assert made[0] is made[2]


def test_a_method_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    methods = Methods(settings(tmp_path, segmenters={"squares": "made_up_methods:Squares"}))
    with pytest.raises(
        UnknownMethod,
        match=r"No segmenter 'sam'. Known: classical, segment-anything, sam2, squares",
    ):
        methods.segmenter("sam")
    with pytest.raises(UnknownMethod, match=r"No propagator 'sam'. Known: classical, sam2\."):
        methods.propagator("sam")


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        ("no_such_module:Squares", "ModuleNotFoundError"),
        ("made_up_methods:Circles", "AttributeError"),
        ("made_up_methods", "AttributeError"),
        ("made_up_methods:Broken", "RuntimeError: no weights here"),
        ("made_up_methods:Copies", "it has no set_image and segment"),
    ],
)
def test_a_method_that_cannot_be_used_says_why(tmp_path: Path, factory: str, words: str) -> None:
    methods = Methods(settings(tmp_path, segmenters={"odd": factory}))
    with pytest.raises(UnusableMethod, match=words):
        methods.segmenter("odd")


def test_settings_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="segmentors"):
        settings(tmp_path, segmentors={})
