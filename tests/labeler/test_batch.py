import numpy as np
import pytest
from simulated_accuracy import accuracy

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import decode
from teachloop.labeler.annotator import annotate
from teachloop.labeler.batch import label_take
from teachloop.labeler.errors import NothingPrompted


def label(take, folder, use_grasp, seed=1):
    rng = np.random.default_rng(seed)
    clicks = {camera: annotate(masks, rng) for camera, masks in take.truth.items()}
    assert all(len(points) <= 2 for points in clicks.values())
    report = label_take(folder, clicks=clicks, object_name=take.target, use_grasp=use_grasp)
    return report, Labels.open(folder).snapshot


@pytest.mark.parametrize("camera", ["front", "wrist"])
@pytest.mark.parametrize("name", ["pick", "push"])
def test_two_clicks_a_camera_label_a_whole_take(name, camera, copied, request):
    take = request.getfixturevalue(name)
    report, snapshot = label(take, copied(take), use_grasp=name == "pick")
    ious = accuracy(take, snapshot, camera)
    assert ious.mean() > 0.9
    assert ious.min() > 0.7
    assert report.frames[camera] == len(take.truth[camera])
    assert snapshot.targets == (take.target,)


def test_what_is_out_of_view_has_an_empty_mask(copied, pick):
    _, snapshot = label(pick, copied(pick), use_grasp=True)
    for camera, masks in pick.truth.items():
        for frame in np.flatnonzero(~masks.any((1, 2))):
            assert decode(snapshot.masks[camera, int(frame), pick.target].rle).sum() < 50


def test_a_grasp_alone_labels_a_take(copied, pick):
    folder = copied(pick)
    label_take(folder, clicks={}, object_name=pick.target)
    snapshot = Labels.open(folder).snapshot
    for camera in pick.truth:
        assert accuracy(pick, snapshot, camera).mean() > 0.85


def test_a_click_that_slipped_off_does_no_harm(copied, push):
    folder = copied(push)
    rng = np.random.default_rng(2)
    clicks = {camera: annotate(masks, rng) for camera, masks in push.truth.items()}
    frame, x, _, _ = clicks["wrist"][0]
    clicks["wrist"][0] = (frame, 250.0 if x < 128 else 5.0, 250.0, True)
    label_take(folder, clicks=clicks, object_name=push.target, use_grasp=False)
    assert accuracy(push, Labels.open(folder).snapshot, "wrist").mean() > 0.9


def test_the_same_clicks_give_the_same_labels(tmp_path, push):
    masks = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "take.h5").write_bytes((push.folder / "take.h5").read_bytes())
        masks.append(label(push, folder, use_grasp=False)[1].masks)
    assert masks[0] == masks[1]


def test_neither_clicks_nor_a_grasp_is_said_so(copied, push):
    with pytest.raises(NothingPrompted):
        label_take(copied(push), clicks={}, object_name=push.target)
