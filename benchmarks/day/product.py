"""The product as a person starts it, `teachloop serve`, and each of its processes by its role."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import psutil

from teachloop.app.web.server import bind
from teachloop.jobs.folder import JobFolder, list_jobs
from teachloop.jobs.process_record import process_of
from teachloop.recorder.station.endpoint import StationAway, read_endpoint

Role: TypeAlias = Literal[
    "web", "station", "device", "writer", "previews", "labeler", "job", "follower", "policy"
]
ROLES: tuple[Role, ...] = get_args(Role)
MODULES: dict[Role, str] = {
    "station": "teachloop.app.processes.station",
    "device": "teachloop.recorder.devices.process",
    "writer": "teachloop.recorder.writer.process",
    "previews": "teachloop.recorder.devices.preview_process",
    "labeler": "teachloop.app.processes.labeler",
    "follower": "teachloop.app.processes.policy",
    "policy": "teachloop.app.processes.policy_server",
}
START_S = 60.0
END_S = 20.0


class Product:
    """`teachloop serve` on a data folder, which may be killed and started again."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}-serve.txt")
        self._environment = {**os.environ, **environment}
        with bind("127.0.0.1", 0) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/"
        self._served: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Product":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # who is ended ends what it started
        try:
            self.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """Leave no process behind, whatever state they are in."""
        found = [process for process in map(self.process, ROLES) if process]
        found += [each.process for each in _alive_jobs(self.data)]
        self._stop()
        for process in found:
            with contextlib.suppress(psutil.Error):
                for each in (*process.children(recursive=True), process):
                    each.kill()
        psutil.wait_procs(found, END_S)

    def start(self) -> None:
        """As a service that starts again what ended."""
        command = [sys.executable, "-m", "teachloop.app.cli", "serve"]
        command += ["--data", str(self.data), "--port", str(self._port)]
        with self.log.open("a") as log:
            self._served = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=self._environment
            )
        assert self._served.stdout is not None
        assert self.url in self._served.stdout.readline(), self.log.read_text()[-2000:]

    @property
    def serves(self) -> bool:
        return self._served is not None and self._served.poll() is None

    def _stop(self) -> None:
        if self._served is not None and self.serves:
            with contextlib.suppress(psutil.Error):
                psutil.Process(self._served.pid).resume()
            self._served.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._served.wait(END_S)
            self._served.kill()
            self._served.wait()

    def process(self, role: Role) -> psutil.Process | None:
        """The process that has this role now."""
        if role == "job":
            return next((job.process for job in _alive_jobs(self.data)), None)
        with contextlib.suppress(psutil.Error, StationAway):
            if role == "web":
                return psutil.Process(self._served.pid) if self._served and self.serves else None
            if role == "station":
                return _if_runs(psutil.Process(read_endpoint(self.data).pid), MODULES[role])
            parent = "web" if role in ("labeler", "follower", "policy") else "station"
            return self._child(parent, MODULES[role])
        return None

    def processes(self) -> Iterator[tuple[Role, psutil.Process]]:
        """All that run, by role."""
        for role in ROLES:
            process = self.process(role)
            if process is not None:
                yield role, process

    def _child(self, parent: Role, module: str) -> psutil.Process | None:
        above = self.process(parent)
        below = above.children(recursive=True) if above else []
        return next((each for each in below if _if_runs(each, module)), None)


class _AliveJob:
    def __init__(self, job: JobFolder, process: psutil.Process) -> None:
        self.job, self.process = job, process


def _alive_jobs(data: Path) -> Iterator[_AliveJob]:
    for job in list_jobs(data):
        record = process_of(job.path)
        if record is not None and job.alive:
            with contextlib.suppress(psutil.Error):
                yield _AliveJob(job, psutil.Process(record.pid))


def _if_runs(process: psutil.Process, module: str) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        if process.status() != psutil.STATUS_ZOMBIE and module in process.cmdline():
            return process
    return None
