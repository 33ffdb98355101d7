"""What is tracked is what the library's own session tracks, of tiny checkpoints with random
weights. How good SAM 2 and EdgeTAM are, is not measured here."""

from typing import Any

import pytest
import torch
from drawn_takes import TICKS
from library_s_video import Conditions, library_s_own, square

from teachloop.labeler.propagation.sam2.video import (
    CameraVideo,
    ScoredModel,
    Sight,
    TrackedObject,
)
from teachloop.labeler.segmenters.interface import Click, Prompts
from teachloop.labeler.take_frames import TakeFrames

EXACT = 1e-3  # of the largest logit: the memory is in bfloat16, where a last bit can become more
MIDDLE, LATER = 9, 15


PROMPTS = Prompts((Click(20.5, 30.5), Click(50.5, 8.5, False)), (10.0, 20.0, 40.0, 52.0))


def ours(video: CameraVideo, conditions: Conditions, frames: range) -> dict[int, Sight]:
    tracked = TrackedObject(video)
    for index, said in conditions.items():
        if isinstance(said, Prompts):
            tracked.point_out(index, said)
        else:
            tracked.show(index, said)
    return {index: tracked.track(index, frames.step < 0) for index in frames}


FORWARD, BACKWARD = range(MIDDLE + 1, TICKS), range(MIDDLE - 1, -1, -1)


@pytest.mark.parametrize("frames", [FORWARD, BACKWARD])
@pytest.mark.parametrize(
    "conditions",
    [{MIDDLE: square(20, 20)}, {MIDDLE: PROMPTS}],
    ids=["mask", "prompts"],
)
def test_logits_and_visibility_are_the_library_s_own(
    model: ScoredModel,
    reference: Any,
    take_frames: TakeFrames,
    conditions: Conditions,
    frames: range,
) -> None:
    reverse = frames.step < 0
    wanted = library_s_own(reference, take_frames, conditions, MIDDLE, reverse)
    found = ours(CameraVideo(model, take_frames, "front"), conditions, frames)
    assert set(found) == set(wanted) - {MIDDLE}
    for index, sight in found.items():
        logits = wanted[index].pred_masks[0, 0]
        assert logits.min() < 0 < logits.max()
        assert (sight.logits - logits).abs().max() <= EXACT * logits.abs().max()
        visible = torch.sigmoid(wanted[index].object_score_logits)
        assert sight.visible == pytest.approx(float(visible), abs=EXACT)


def test_two_known_frames_are_both_remembered(
    model: ScoredModel, reference: Any, take_frames: TakeFrames
) -> None:
    conditions = {3: square(20, 20), LATER: square(30, 8)}
    wanted = library_s_own(reference, take_frames, conditions, 3, False)
    found = ours(CameraVideo(model, take_frames, "front"), conditions, range(4, LATER))
    alone = ours(CameraVideo(model, take_frames, "front"), {3: square(20, 20)}, range(4, LATER))
    for index, sight in found.items():
        logits = wanted[index].pred_masks[0, 0]
        assert (sight.logits - logits).abs().max() <= EXACT * logits.abs().max()
        assert (sight.logits - alone[index].logits).abs().max() > 0.01 * logits.abs().max()


def test_the_score_is_that_of_the_mask_that_the_model_chose(
    model: ScoredModel, reference: Any, take_frames: TakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores: list[float] = []
    decode = reference._single_frame_forward

    def listening(**asked: Any) -> Any:
        answer = decode(**asked)
        scores.append(float(answer.iou_scores.max()))
        return answer

    monkeypatch.setattr(reference, "_single_frame_forward", listening)
    library_s_own(reference, take_frames, {MIDDLE: square(20, 20)}, MIDDLE, False)
    found = ours(CameraVideo(model, take_frames, "front"), {MIDDLE: square(20, 20)}, FORWARD)
    assert [sight.score for sight in found.values()] == pytest.approx(
        scores[-len(FORWARD) :], abs=EXACT
    )
    assert all(0 < sight.score < 1 for sight in found.values())


def test_a_frame_is_looked_at_once_for_all_objects(
    model: ScoredModel, take_frames: TakeFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, looked_at = CameraVideo(model, take_frames, "front"), []
    image = take_frames.image
    monkeypatch.setattr(
        take_frames, "image", lambda camera, at: (looked_at.append(at), image(camera, at))[1]
    )
    first, second = TrackedObject(video), TrackedObject(video)
    first.show(0, square(20, 20))
    second.show(0, square(40, 8))
    for index in (1, 2, 3):
        first.track(index, False)
        second.track(index, False)
    assert looked_at == [0, 1, 2, 3]


def test_objects_do_not_know_of_each_other(model: ScoredModel, take_frames: TakeFrames) -> None:
    alone = ours(CameraVideo(model, take_frames, "front"), {0: square(20, 20)}, range(1, 6))
    video = CameraVideo(model, take_frames, "front")
    first, second = TrackedObject(video), TrackedObject(video)
    first.show(0, square(20, 20))
    for index in range(1, 6):
        if index == 3:
            second.show(3, square(40, 8))
        beside = first.track(index, False)
        assert torch.equal(beside.logits, alone[index].logits)
