import subprocess
import sys
import threading

import numpy as np
import pytest
from simulated_accuracy import accuracy, iou

from teachloop.datasets.errors import StaleRevision
from teachloop.datasets.labels.edits import LockMask
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.labeler.annotator import click_inside
from teachloop.labeler.errors import NoSuchFrame, NothingPrompted, NothingToUndo


def click(session, take, camera="front", frame=0, positive=True, **more):
    at = click_inside(take.truth[camera][frame], np.random.default_rng(frame), 0.5)
    return session.click(camera, frame, take.target, at.u, at.v, positive, **more)


def drawn_mask(session, name):
    return decode(session.snapshot.masks["front", 0, name].rle)


def test_a_click_is_saved_at_once_with_its_prompt_and_object(session, pick):
    change = click(session, pick)
    assert change.revision == 1
    assert change.places == {("front", 0, pick.target)}
    saved = Labels.open(session.take_frames.folder).snapshot
    assert [prompt.positive for prompt in saved.prompts] == [True]
    assert saved.targets == (pick.target,)
    record = saved.masks["front", 0, pick.target]
    assert record.source == MaskSource.HUMAN
    assert iou(drawn_mask(session, pick.target), pick.truth["front"][0]) > 0.9


def test_a_box_is_as_good_as_a_click(session, pick):
    rows, columns = np.nonzero(pick.truth["front"][0])
    box = (columns.max() + 4.0, rows.max() + 4.0, columns.min() - 3.0, rows.min() - 3.0)
    session.box("front", 0, pick.target, box)
    assert iou(drawn_mask(session, pick.target), pick.truth["front"][0]) > 0.9


def test_undo_and_redo_go_back_and_forth(session, pick):
    click(session, pick)
    first = session.snapshot
    click(session, pick, frame=4)
    session.undo()
    assert session.snapshot.masks == first.masks
    assert session.snapshot.prompts == first.prompts
    session.redo()
    assert ("front", 4, pick.target) in session.snapshot.masks
    session.undo()
    session.undo()
    assert not session.snapshot.masks
    assert not session.snapshot.objects
    with pytest.raises(NothingToUndo):
        session.undo()


def test_an_undo_leaves_alone_what_others_wrote_since(session, pick):
    click(session, pick)
    other = Labels.open(session.take_frames.folder)
    other.apply([LockMask("front", 0, pick.target, True)], other.revision, "another")
    session.set_instruction("something else")
    session.undo()
    assert session.snapshot.instruction is None
    assert session.snapshot.masks["front", 0, pick.target].locked


def test_words_that_somebody_else_changed_since_are_not_replaced(session, pick):
    session.set_instruction("pick it up")
    with pytest.raises(StaleRevision, match="revision 0"):
        session.set_instruction("no", base_revision=0)
    assert session.snapshot.instruction == "pick it up"


def test_propagation_reaches_every_frame_of_both_cameras(session, pick):
    click(session, pick)
    shares = []
    session.propagate(progress=shares.append)
    for camera in ("front", "wrist"):
        assert accuracy(pick, session.snapshot, camera).mean() > 0.9
        masks = [place for place in session.snapshot.masks if place[0] == camera]
        assert len(masks) == session.take_frames.count(camera)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_propagation_changes_neither_drawn_nor_locked_masks(session, pick):
    click(session, pick)
    session.propagate()
    session.lock([("wrist", 20)], pick.target)
    wrong = session.click("front", 9, "mark", 20.0, 20.0).places
    session.set_objects([ObjectLabel(pick.target, True), ObjectLabel("mark")])
    before = session.snapshot.masks
    click(session, pick, frame=30)
    session.propagate(pick.target)
    after = session.snapshot.masks
    for place in (("front", 0, pick.target), ("wrist", 20, pick.target), *wrong):
        assert after[place] == before[place]
    assert after["front", 30, pick.target].source == MaskSource.HUMAN


def test_a_cancelled_propagation_saves_nothing(session, pick):
    click(session, pick)
    cancelled = threading.Event()
    session.propagate(progress=lambda share: cancelled.set(), cancelled=cancelled.is_set)
    assert session.snapshot.revision == 1


def test_a_target_that_was_grasped_needs_no_click(session, pick):
    session.set_objects([ObjectLabel(pick.target, True)])
    session.propagate()
    for camera in ("front", "wrist"):
        assert accuracy(pick, session.snapshot, camera).mean() > 0.85


def test_nothing_to_start_from_is_said_so(session):
    session.set_objects([ObjectLabel("red cube", False)])
    with pytest.raises(NothingPrompted):
        session.propagate()
    with pytest.raises(NoSuchFrame, match="no frame 9999"):
        session.click("front", 9999, "red cube", 5, 5)


def test_clearing_takes_mask_and_prompts(session, pick):
    click(session, pick)
    session.clear(pick.target, [("front", 0)])
    assert not session.snapshot.masks
    assert not session.snapshot.prompts


def test_objects_that_are_left_out_take_their_masks_along(session, pick):
    click(session, pick)
    session.set_objects([])
    assert not session.snapshot.masks
    assert not session.snapshot.prompts


def test_clicks_of_many_threads_are_all_kept(session, pick):
    threads = [
        threading.Thread(target=click, args=(session, pick, "front", frame)) for frame in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.snapshot.revision == 6
    assert len(session.snapshot.masks) == 6


def test_labeling_needs_no_torch():
    code = "import sys, teachloop.labeler.session, teachloop.labeler.batch as _; " + (
        "print('torch' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
