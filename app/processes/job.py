"""The process of one job: python -m teachloop.app.processes.job <job folder>."""

import sys
from pathlib import Path

from ...jobs.worker import work_on
from .job_kinds import KINDS


def main() -> None:
    sys.exit(0 if work_on(Path(sys.argv[1]), KINDS) else 1)


if __name__ == "__main__":
    main()
