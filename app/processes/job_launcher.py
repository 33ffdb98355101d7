"""Where the product's jobs run."""

import sys

from ...jobs.launcher import LocalLauncher

LAUNCHER = LocalLauncher((sys.executable, "-m", "teachloop.app.processes.job"))
