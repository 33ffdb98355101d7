"""Objects are followed through takes by a tiny SAM 2 or EdgeTAM with random weights: what it finds
means nothing, what it is asked does."""

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from drawn_takes import SIDE as PIXELS
from drawn_takes import TICKS
from library_s_video import library_s_own, open_session, square, tell, track
from tiny_sam2 import tiny

from teachloop.datasets.labels.masks import MaskSource, area
from teachloop.labeler.errors import NothingPrompted
from teachloop.labeler.propagation.interface import Found, FrameKey, Keyframe, Track
from teachloop.labeler.propagation.sam2.propagator import Sam2Propagator
from teachloop.labeler.propagation.sam2.video import CameraVideo, ScoredModel, TrackedObject
from teachloop.labeler.segmenters.interface import Click, Prompts
from teachloop.labeler.segmenters.sam2.images import to_mask
from teachloop.labeler.take_frames import TakeFrames

Propagate = Callable[..., Mapping[str, Mapping[FrameKey, Found]]]
CUP, BIN = square(20, 20), square(40, 8)


@pytest.fixture
def propagate(weights: Path, take_frames: TakeFrames) -> Propagate:
    def run(
        *tracks: Track,
        progress: Callable[[float], None] = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Mapping[str, Mapping[FrameKey, Found]]:
        return Sam2Propagator(str(weights)).propagate(take_frames, tracks, progress, cancelled)

    return run


def cup(*places: tuple[str, int], mask: Any = CUP) -> Track:
    return Track("cup", tuple(Keyframe(camera, index, mask) for camera, index in places))


def shown(said: Any) -> np.ndarray:
    return to_mask(said.pred_masks[0, 0], (PIXELS, PIXELS)).numpy()


def test_from_a_mask_in_the_middle_both_ways_as_the_library_does(
    propagate: Propagate, reference: Any, take_frames: TakeFrames
) -> None:
    found = propagate(cup(("front", 9)))["cup"]
    assert found.keys() == {("front", index) for index in range(TICKS) if index != 9}
    for reverse in (False, True):
        wanted = library_s_own(reference, take_frames, {9: CUP}, 9, reverse)
        for index in wanted.keys() - {9}:
            one = found["front", index]
            assert one.source == MaskSource.PROPAGATED
            assert (one.mask != shown(wanted[index])).mean() < 0.002
            visible = float(torch.sigmoid(wanted[index].object_score_logits))
            assert 0 < one.confidence <= visible


def test_cameras_in_which_somebody_showed_it_and_no_other(propagate: Propagate) -> None:
    both = propagate(cup(("front", 0), ("wrist", 19)))["cup"]
    assert {camera for camera, _ in both} == {"front", "wrist"}
    assert len(both) == 2 * (TICKS - 1)
    one = propagate(cup(("wrist", 19)))["cup"]
    assert one == {place: each for place, each in both.items() if place[0] == "wrist"}


def test_an_object_that_is_added_later_leaves_the_others_as_they_were(
    propagate: Propagate,
) -> None:
    alone = propagate(cup(("front", 0), ("front", 10)))
    later = Track("bin", (Keyframe("front", 6, BIN),))
    beside = propagate(cup(("front", 0), ("front", 10)), later)
    assert beside["cup"] == alone["cup"]
    assert len(beside["bin"]) == TICKS - 1


def test_the_library_forgets_a_correction_of_a_frame_that_it_tracked(
    reference: Any, take_frames: TakeFrames
) -> None:
    """Why all is told anew each time. Should this fail, that may no longer be needed."""
    session = open_session(reference, take_frames)
    tell(reference, session, 0, CUP)
    before = track(reference, session, 0, False)
    tell(reference, session, 12, BIN)
    after = track(reference, session, 0, False)
    assert np.array_equal(shown(after[12]), shown(before[12])), "and not the mask that was told"


def test_a_correction_survives_and_spreads_to_both_sides(
    propagate: Propagate, reference: Any, take_frames: TakeFrames
) -> None:
    before = propagate(cup(("front", 0)))["cup"]
    corrected = Track("cup", (Keyframe("front", 0, CUP), Keyframe("front", 12, BIN)))
    after = propagate(corrected)["cup"]
    assert ("front", 12) not in after, "what a person drew stays as it is"
    wanted = library_s_own(reference, take_frames, {0: CUP, 12: BIN}, 12, False)
    wanted |= library_s_own(reference, take_frames, {0: CUP, 12: BIN}, 12, True)
    for index in (8, 9, 10, 11, 13, 14, 15, 19):
        mask = after["front", index].mask
        assert (mask != shown(wanted[index])).mean() < 0.002
        assert (mask != before["front", index].mask).any()
    assert propagate(corrected)["cup"] == after, "and again"


def test_frames_that_a_person_reviewed_are_left_out_also_empty_ones(propagate: Propagate) -> None:
    nothing = Keyframe("front", 5, np.zeros_like(CUP))
    drawn = [Keyframe("front", index, CUP) for index in (0, 8, 9, 10, 19)]
    found = propagate(Track("cup", (*drawn, nothing)))["cup"]
    assert {index for _, index in found} == set(range(TICKS)) - {0, 5, 8, 9, 10, 19}


def test_prompts_that_nobody_saw_the_mask_of_get_the_model_s_own(
    propagate: Propagate, model: ScoredModel, take_frames: TakeFrames
) -> None:
    prompts = Prompts((Click(30.5, 30.5),))
    clicked = Keyframe("front", 4, CUP, MaskSource.PROJECTED, prompts, 0.5, reviewed=False)
    found = propagate(Track("cup", (clicked,)))["cup"]
    sight = TrackedObject(CameraVideo(model, take_frames, "front")).point_out(4, prompts)
    assert len(found) == TICKS
    assert np.array_equal(found["front", 4].mask, to_mask(sight.logits, CUP.shape).numpy())
    assert found["front", 4].source == MaskSource.PROJECTED
    assert found["front", 4].confidence == pytest.approx(sight.score * sight.visible)


def test_what_is_not_in_sight_has_an_empty_mask_and_how_sure_that_is(
    kind: str, tmp_path: Path, take_frames: TakeFrames
) -> None:
    blind = tiny(kind)
    torch.nn.init.constant_(blind.mask_decoder.pred_obj_score_head.proj_out.bias, -12.0)
    blind.save_pretrained(tmp_path)
    propagate = Sam2Propagator(str(tmp_path)).propagate
    found = propagate(take_frames, [cup(("front", 0))], lambda share: None, lambda: False)["cup"]
    assert len(found) == TICKS - 1
    for one in found.values():
        assert area(one.rle) == 0
        assert 0.9 < one.confidence <= 1.0


def test_each_frame_is_told_until_all_are_done(propagate: Propagate) -> None:
    shares: list[float] = []
    propagate(cup(("front", 0), ("wrist", 4)), progress=shares.append)
    assert len(shares) == 2 * (TICKS - 1)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_once_it_is_cancelled_it_looks_at_no_further_frame(
    propagate: Propagate, take_frames: TakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    image = take_frames.image
    monkeypatch.setattr(
        take_frames, "image", lambda camera, at: (looked_at.append(at), image(camera, at))[1]
    )
    found = propagate(cup(("front", 0), ("front", 19)), cancelled=lambda: len(looked_at) >= 5)
    assert len(looked_at) == 5
    assert set(found["cup"]) == {("front", 1), ("front", 2), ("front", 3)}


def test_an_object_that_nobody_showed_is_refused(propagate: Propagate) -> None:
    with pytest.raises(NothingPrompted):
        propagate(cup(("front", 0)), Track("bin", ()))
    with pytest.raises(NothingPrompted):
        propagate(cup(("front", 0), mask=np.zeros_like(CUP)))


def held() -> int:
    """Bytes of all tensors that are alive."""
    gc.collect()
    alive = {id(each): each for each in gc.get_objects() if issubclass(type(each), torch.Tensor)}
    return sum(each.untyped_storage().nbytes() for each in alive.values())


def test_memory_does_not_grow_with_the_frames(
    model: ScoredModel, take_frames: TakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = take_frames.image
    monkeypatch.setattr(take_frames, "image", lambda camera, at: image(camera, at % TICKS))
    monkeypatch.setattr(take_frames, "count", lambda camera: 1000)
    tracked = TrackedObject(CameraVideo(model, take_frames, "front"))
    tracked.show(0, CUP)
    sizes = []
    for index in range(1, 91):
        tracked.track(index, False)
        if index % 30 == 0:
            sizes.append(held())
    assert sizes[0] == sizes[1] == sizes[2]


def test_of_hundreds_of_keyframes_the_model_is_shown_the_nearest(
    propagate: Propagate, take_frames: TakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    image = take_frames.image
    monkeypatch.setattr(
        take_frames, "image", lambda camera, at: (looked_at.append(at), image(camera, at))[1]
    )
    found = propagate(cup(*(("front", index) for index in range(15))))["cup"]
    assert {index for _, index in found} == {15, 16, 17, 18, 19}
    assert set(looked_at) == {11, 12, 13, 14, 15, 16, 17, 18, 19}
