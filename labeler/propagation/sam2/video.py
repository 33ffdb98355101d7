"""One object on the frames of one camera, by the session of transformers.

What a session is told, it is told anew with each propagation: a click on a frame that it has
tracked before would be kept as if nobody had said it, and forgotten by the next pass. EdgeTAM's
models take the same sessions.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from transformers import (
    EdgeTamVideoConfig,
    EdgeTamVideoModel,
    Sam2VideoConfig,
    Sam2VideoInferenceSession,
    Sam2VideoModel,
)

from ...segmenters.interface import Mask, Prompts
from ...segmenters.promptable import coordinates, corners, labels
from ...segmenters.sam2.images import in_square, to_pixels
from ...segmenters.sam2.weights import EDGETAM, SAM2, load
from ...segmenters.weights import Weights, kept
from ...take_frames import TakeFrames

LOOKED_AT = 8  # frames whose features are kept, 21 MB each
_OBJECT = 0  # a session has but one
_CLASSES = {
    SAM2: (Sam2VideoConfig, Sam2VideoModel),
    EDGETAM: (EdgeTamVideoConfig, EdgeTamVideoModel),
}


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the model says of an object in one frame."""

    logits: torch.Tensor  # (side, side)
    score: float  # the model's own, of the mask, 0 … 1
    visible: float  # how sure it is that the object is in sight, 0 … 1


class ScoredModel:
    """A model of video that tells the score of the mask that it chose, which the library keeps to
    itself. Safe to use from several threads."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.config, self.device = model.config, model.device
        self._scores = torch.zeros(1)
        self._lock = Lock()
        model.mask_decoder.register_forward_hook(self._hear)

    def __call__(
        self, session: Sam2VideoInferenceSession, index: int, reverse: bool = False
    ) -> Sight:
        with self._lock:
            said = self._model(inference_session=session, frame_idx=index, reverse=reverse)
            score = float(self._scores.max())
        visible = float(torch.sigmoid(said.object_score_logits))
        return Sight(said.pred_masks[0, 0].cpu(), score, visible)

    def _hear(self, _decoder: object, _asked: object, answer: tuple[torch.Tensor, ...]) -> None:
        self._scores = answer[1]


@kept
def load_video_model(weights: Weights) -> ScoredModel:
    """On the GPU where there is one. Raises UnusableWeights, also for a model of images alone, and
    MissingPackages."""
    return ScoredModel(load(weights, _CLASSES))


class CameraFrames(Mapping[int, torch.Tensor]):
    """The frames of a camera as the model takes them, each made when it is asked for."""

    def __init__(self, take_frames: TakeFrames, camera: str, side: int) -> None:
        self._take_frames, self._camera, self._side = take_frames, camera, side

    def __getitem__(self, index: int) -> torch.Tensor:
        return to_pixels(self._take_frames.image(self._camera, index), self._side)[0]

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return self._take_frames.count(self._camera)


class Features:
    """What the encoder said of the frames that were looked at last, for all objects. Of where
    things are in its maps, the session asks for the smallest map alone."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, dict[str, Any]] = OrderedDict()

    def get_vision_features(self, frame_idx: int) -> dict[str, Any] | None:
        return self._kept.get(frame_idx)

    def cache_vision_features(self, frame_idx: int, features: dict[str, Any]) -> None:
        positions = features["vision_pos_embeds"][-1:]
        self._kept[frame_idx] = features | {"vision_pos_embeds": positions}
        if len(self._kept) > LOOKED_AT:
            self._kept.popitem(last=False)


class CameraVideo:
    """The frames of one camera, and what the model said of them, for all objects in it."""

    def __init__(self, model: ScoredModel, take_frames: TakeFrames, camera: str) -> None:
        self.model, self.features = model, Features()
        self.side: int = model.config.image_size
        self.frames = CameraFrames(take_frames, camera, self.side)
        self.shape = take_frames.cameras[camera].height, take_frames.cameras[camera].width


class TrackedObject:
    """An object in the video of one camera. Somebody shows it before it is tracked."""

    def __init__(self, video: CameraVideo) -> None:
        self._model, self._side, self.shape = video.model, video.side, video.shape
        config, device = video.model.config, video.model.device
        self._reach = max(config.num_maskmem, config.max_object_pointers_in_encoder)
        self._session: Any = Sam2VideoInferenceSession(
            inference_device=device, inference_state_device=device, dtype=torch.float32
        )
        self._session.processed_frames, self._session.cache = video.frames, video.features
        self._session.obj_id_to_idx(_OBJECT)

    @property
    def known(self) -> Collection[int]:
        """Frames in which somebody showed it."""
        return self._outputs["cond_frame_outputs"].keys()

    def show(self, index: int, mask: Mask) -> Sight:
        """Here it is, as a mask (height, width)."""
        given = torch.tensor(mask, dtype=torch.float32)[None, None]
        size = self._side, self._side
        square = functional.interpolate(given, size, mode="bilinear", antialias=True)
        self._session.add_mask_inputs(_OBJECT, index, (square >= 0.5).float())
        return self._told(index)

    def point_out(self, index: int, prompts: Prompts) -> Sight:
        """Here it is, as clicks and a box."""
        points, kinds = _points(prompts)
        square = torch.from_numpy(in_square(points, self.shape, self._side))
        inputs = {"point_coords": square[None, None], "point_labels": kinds[None, None]}
        self._session.add_point_inputs(_OBJECT, index, inputs)
        return self._told(index)

    def track(self, index: int, reverse: bool) -> Sight:
        """Look for it in the frame beside those that it was followed through."""
        sight = self._model(self._session, index, reverse)
        tracked = self._outputs["non_cond_frame_outputs"]
        tracked[index].pop("high_res_masks", None)
        if len(tracked) > self._reach:
            tracked.pop(next(iter(tracked)))
        return sight

    def forget(self, but: Collection[int]) -> None:
        """All that was tracked, and where somebody showed it, ``but`` in these frames."""
        self._outputs["non_cond_frame_outputs"].clear()
        self._session.frames_tracked_per_obj[_OBJECT].clear()
        for index in set(self.known) - set(but):
            del self._outputs["cond_frame_outputs"][index]

    @property
    def _outputs(self) -> dict[str, dict[int, dict[str, torch.Tensor]]]:
        return self._session.output_dict_per_obj[_OBJECT]

    def _told(self, index: int) -> Sight:
        """Of what was just said. The session needs nothing but its answer from now on."""
        self._session.obj_with_new_inputs = [_OBJECT]
        sight = self._model(self._session, index)
        self._outputs["cond_frame_outputs"][index].pop("high_res_masks", None)
        self._session.remove_mask_inputs(_OBJECT, index)
        self._session.remove_point_inputs(_OBJECT, index)
        return sight


def _points(prompts: Prompts) -> tuple[NDArray[np.float64], torch.Tensor]:
    """Where and what: 1 on the object, 0 beside it, 2 and 3 the corners of a box."""
    points, kinds = coordinates(prompts.clicks), labels(prompts.clicks)
    if prompts.box is not None:
        points = np.concatenate([corners(prompts.box), points])
        kinds = np.concatenate([[2, 3], kinds])
    return points, torch.from_numpy(kinds)
