"""Worker processes that do not outlive whoever started them, however that one ended."""

import os
import threading
import time

LOOK_S = 1.0


def end_with_parent(parent: int) -> None:
    """Call in a worker: once `parent` is no longer its parent, it ends itself."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)
