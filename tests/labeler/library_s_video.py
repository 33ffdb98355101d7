"""What the library's own session says of a video that it holds as a whole."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from drawn_takes import SIDE as PIXELS
from drawn_takes import TICKS
from tiny_sam2 import SIDE
from transformers import EdgeTamVideoInferenceSession, EdgeTamVideoModel, Sam2VideoInferenceSession

from teachloop.labeler.segmenters.interface import Prompts
from teachloop.labeler.segmenters.sam2.images import to_pixels
from teachloop.labeler.take_frames import TakeFrames

OBJECT = 7
Conditions: TypeAlias = Mapping[int, Any]  # frame -> its mask, or its prompts


def square(top: int, left: int) -> Any:
    mask = np.zeros((PIXELS, PIXELS), bool)
    mask[top : top + 16, left : left + 24] = True
    return mask


def library_s_own(
    reference: Any, take_frames: TakeFrames, conditions: Conditions, start: int, reverse: bool
) -> dict[int, Any]:
    """By frame, after all conditions were told: logits of the mask, and of the object's sight."""
    session = open_session(reference, take_frames)
    for index, said in conditions.items():
        tell(reference, session, index, said)
    return track(reference, session, start, reverse)


def open_session(reference: Any, take_frames: TakeFrames) -> Any:
    """As `Sam2VideoProcessor` and `EdgeTamVideoModel`'s own would."""
    of_edgetam = isinstance(reference, EdgeTamVideoModel)
    made = EdgeTamVideoInferenceSession if of_edgetam else Sam2VideoInferenceSession
    frames = [to_pixels(take_frames.image("front", at), SIDE) for at in range(TICKS)]
    return made(video=torch.cat(frames), dtype=torch.float32)


def tell(reference: Any, session: Any, index: int, said: Any) -> None:
    number = session.obj_id_to_idx(OBJECT)
    if isinstance(said, Prompts):
        session.add_point_inputs(number, index, library_s_points(said))
    else:
        large = np.kron(said, np.ones((SIDE // PIXELS, SIDE // PIXELS)))
        session.add_mask_inputs(number, index, torch.tensor(large)[None, None])
    session.obj_with_new_inputs = [OBJECT]
    reference(session, frame_idx=index)


def track(reference: Any, session: Any, start: int, reverse: bool) -> dict[int, Any]:
    tracked = reference.propagate_in_video_iterator(session, start_frame_idx=start, reverse=reverse)
    return {said.frame_idx: said for said in tracked}


def library_s_points(prompts: Prompts) -> dict[str, Any]:
    """As `Sam2VideoProcessor` makes them: the box's corners before the clicks."""
    assert prompts.box is not None
    scale = SIDE / PIXELS
    clicks = [[(c.u - 0.5) * scale, (c.v - 0.5) * scale] for c in prompts.clicks]
    left, top, right, bottom = (each * scale for each in prompts.box)
    points = torch.tensor([[[[left, top], [right, bottom], *clicks]]])
    kinds = [2, 3, *(int(click.positive) for click in prompts.clicks)]
    return {"point_coords": points, "point_labels": torch.tensor([[kinds]], dtype=torch.int32)}
