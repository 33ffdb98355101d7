"""Starting the process that follows a policy. Imports nothing heavy."""

import os
from pathlib import Path

from ...runtime.processes.child import ENDS_WITH_PARENT, Child, python_module

MODULE = "teachloop.app.processes.policy"
TOKEN = "TEACHLOOP_POLICY_TOKEN"
LOG = Path("station", "policy.txt")  # in the data folder; of this process and of its server


def start_follower(data: Path, adapter: str, base: str, token: str) -> Child:
    """It hears instructions, and says how it fares. ``base``: where no adapter names it; the
    usual one where it is empty."""
    arguments = ["--data", str(data), "--adapter", adapter, *(["--base", base] if base else [])]
    log = data / LOG
    log.unlink(missing_ok=True)
    environment = {**os.environ, TOKEN: token}
    command = python_module(MODULE, *arguments)
    return Child.start(command, log, ENDS_WITH_PARENT, environment=environment, heard=True)
