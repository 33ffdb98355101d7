"""The process that thinks: python -m teachloop.app.processes.policy_server --socket PATH …

It serves one policy to programs of this machine, which may send references to frames in shared
memory instead of pixels. Its first line on standard output is ``{"state": "ready"}``, or says
what failed.
"""

import argparse
import json
import socket
import sys
from pathlib import Path

import torch
import uvicorn

from ...runtime.access import Access
from ...runtime.errors import TeachloopError
from ...runtime.ipc.frames import SharedFrames
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority
from ...training.policies.base_names import DEFAULT
from ...training.serving.choice import PolicyChoice
from ...training.serving.protocol import LARGEST_BYTES
from ...training.serving.server import policy_app
from ...training.serving.service import PolicyService

NICENESS = 5  # a person's keys come before a policy's thoughts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--socket", type=Path, required=True, help="path of the socket")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--adapter", default="", help="id of an adapter; the base alone if empty")
    parser.add_argument("--base", default=DEFAULT, help="base, where no adapter names it")
    given = parser.parse_args()
    watch_parent()
    torch.set_num_threads(1)
    try:
        choice = PolicyChoice(data=given.data, adapter=given.adapter, base=given.base)
        service = choice.open(SharedFrames())
    except TeachloopError as error:
        _tell(state="failed", message=str(error))
        return 1
    set_priority(NICENESS)
    serve(service, given.socket)
    return 0


def serve(service: PolicyService, path: Path) -> None:
    """Until this process is ended; its folder says who may come in."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        _tell(state="ready")
        app = policy_app(service, Access())
        config = uvicorn.Config(app, log_level="warning", ws_max_size=LARGEST_BYTES)
        uvicorn.Server(config).run(sockets=[listener])


def _tell(**message: str) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
