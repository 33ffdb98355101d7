"""Chooses how MuJoCo draws without a screen. Import this module before ``mujoco``."""

import os
import subprocess
import sys

from ..runtime.errors import TeachloopError

_PROBE = "import mujoco; c = mujoco.GLContext(16, 16); c.make_current(); print('drawn', flush=True)"


class NoRenderer(TeachloopError):
    """Neither EGL nor OSMesa can draw on this machine."""


def choose_backend() -> str:
    """Sets MUJOCO_GL for this process and its children, and returns it.

    A value that is already set wins, be it the user's or a parent process' answer; else EGL
    and then OSMesa are tried in a process of their own, since a failed try cannot be undone.
    """
    chosen = os.environ.get("MUJOCO_GL") or next((b for b in ("egl", "osmesa") if _works(b)), "")
    if not chosen:
        raise NoRenderer(
            "MuJoCo can draw with neither EGL nor OSMesa here. Install one of them: "
            "apt-get install libosmesa6, or libegl1 libopengl0 libgl1-mesa-dri."
        )
    os.environ["MUJOCO_GL"] = chosen
    return chosen


def _works(backend: str) -> bool:
    environment = {**os.environ, "MUJOCO_GL": backend}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return "drawn" in done.stdout


choose_backend()
