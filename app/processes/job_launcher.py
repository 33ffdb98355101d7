"""Where the product's jobs run."""

from ...jobs.launcher import LocalLauncher
from ...runtime.processes.child import python_module

LAUNCHER = LocalLauncher(python_module("teachloop.app.processes.job"))
