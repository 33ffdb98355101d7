"""Draws a MuJoCo model: colour, metric depth and instance masks, all on one thread.

A process has one OpenGL context, made on first use and shared by all its worlds; each model
has its own MjrContext in it. Drawing from a second thread is not supported by the backends.
"""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

import atexit
import os
from functools import lru_cache
from typing import Any

from . import gl  # isort: skip  (chooses the backend before mujoco is imported)

import mujoco
import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Image
from .shadows import ShadedTable
from .views import PREVIEW_SIZE, view

_BACKEND = gl.choose_backend()


@lru_cache(maxsize=1)
def _gl_context(process_id: int) -> Any:
    """The process' one OpenGL context; keyed by process since a fork must not inherit it."""
    context = mujoco.GLContext(*PREVIEW_SIZE)
    atexit.register(context.free)
    return context


class Renderer:
    """Draws one model. Nothing is allocated on the GPU before the first picture."""

    def __init__(self, model: mujoco.MjModel, table: ShadedTable) -> None:
        self._model, self._table = model, table
        self._context: mujoco.MjrContext | None = None
        self._scene = mujoco.MjvScene(model, maxgeom=model.ngeom + 10)
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._option = mujoco.MjvOption()
        self._option.sitegroup[:] = 0  # or invisible sites would punch holes into the masks

    def close(self) -> None:
        """Frees what the GPU holds; a later picture allocates it again."""
        if self._context is not None:
            _gl_context(os.getpid()).make_current()
            self._context.free()
            self._context = None

    def color(self, data: mujoco.MjData, camera: str, width: int, height: int) -> Image:
        """RGB (height, width, 3)."""
        self._draw_shaded(data, camera, (width, height))
        image = np.empty((height, width, 3), np.uint8)
        mujoco.mjr_readPixels(image, None, mujoco.MjrRect(0, 0, width, height), self._context)
        return image[::-1]

    def color_and_depth(
        self, data: mujoco.MjData, camera: str, width: int, height: int
    ) -> tuple[Image, NDArray[np.float32]]:
        """Both of one drawing, which costs as much as the colour alone."""
        self._draw_shaded(data, camera, (width, height))
        image, depth = np.empty((height, width, 3), np.uint8), np.empty((height, width), np.float32)
        mujoco.mjr_readPixels(image, depth, mujoco.MjrRect(0, 0, width, height), self._context)
        return image[::-1], self._metres(depth[::-1])

    def _metres(self, buffer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of OpenGL's depth buffer, in which 1 is the far plane: nothing was drawn there."""
        extent, clip = self._model.stat.extent, self._model.vis.map
        near, far = clip.znear * extent, clip.zfar * extent
        metres = near / (1 - buffer * (1 - near / far))
        return np.where(buffer < 1, metres, np.inf).astype(np.float32)

    def geom_ids(
        self, data: mujoco.MjData, camera: str, width: int, height: int
    ) -> NDArray[np.int32]:
        """The id of the geom that each pixel shows (height, width); −1 where there is none."""
        self._draw(data, camera, (width, height), segment=True)
        image = np.empty((height, width, 3), np.uint8)
        mujoco.mjr_readPixels(image, None, mujoco.MjrRect(0, 0, width, height), self._context)
        wide = image[::-1].astype(np.int32)
        return self._geom_of_segment()[wide[..., 0] + 256 * wide[..., 1]]

    def _geom_of_segment(self) -> NDArray[np.int32]:
        """Segment number + 1 → geom id."""
        table = np.full(1 << 16, -1, np.int32)
        for geom in self._scene.geoms[: self._scene.ngeom]:
            if geom.objtype == mujoco.mjtObj.mjOBJ_GEOM and geom.segid >= 0:
                table[geom.segid + 1] = geom.objid
        return table

    def _draw_shaded(self, data: mujoco.MjData, camera: str, size: tuple[int, int]) -> None:
        self._make_current()
        self._shade(data)
        self._draw(data, camera, size)

    def _draw(
        self,
        data: mujoco.MjData,
        camera: str,
        size: tuple[int, int],
        *,
        segment: bool = False,
    ) -> None:
        view(camera)
        context = self._make_current()
        self._camera.fixedcamid = self._model.camera(camera).id
        everything = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(
            self._model, data, self._option, None, self._camera, everything, self._scene
        )
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
            self._scene.flags[flag] = 0
        for flag in (mujoco.mjtRndFlag.mjRND_SEGMENT, mujoco.mjtRndFlag.mjRND_IDCOLOR):
            self._scene.flags[flag] = int(segment)
        mujoco.mjr_render(mujoco.MjrRect(0, 0, *size), self._scene, context)

    def _make_current(self) -> mujoco.MjrContext:
        _gl_context(os.getpid()).make_current()
        if self._context is None:
            scale = mujoco.mjtFontScale.mjFONTSCALE_50
            self._context = mujoco.MjrContext(self._model, scale)
        # Another world may have bound its own buffer since.
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        return self._context

    def _shade(self, data: mujoco.MjData) -> None:
        if self._table.paint(self._model, data):
            mujoco.mjr_uploadTexture(self._model, self._context, 0)
