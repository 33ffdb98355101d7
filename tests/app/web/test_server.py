"""The web process as it is started: what it refuses, and what it leaves out of memory."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from teachloop.app.cli.serve import Serve
from teachloop.app.web.errors import PortTaken
from teachloop.app.web.server import bind, serve
from teachloop.runtime.access import AddressRefused

HEAVY = ("torch", "transformers", "peft", "mujoco", "matplotlib", "scipy")


def test_serving_others_without_a_password_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEACHLOOP_PASSWORD", raising=False)
    with pytest.raises(AddressRefused):
        serve(Serve(data=tmp_path, host="0.0.0.0", port=0))
    assert not (tmp_path / "station").exists()


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            bind("127.0.0.1", port)


async def sends_at_once(listener: socket.socket) -> bool:
    """Whether what is written to who comes there leaves without waiting for an acknowledgement."""
    there: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def come(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        there.set_result(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    async with await asyncio.start_server(come, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
        writer.close()
        return await there


def test_an_answer_does_not_wait_for_the_one_before_it_to_arrive() -> None:
    assert asyncio.run(sends_at_once(bind("127.0.0.1", 0)))


def test_the_web_process_loads_no_training_and_no_simulator() -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from teachloop.app.web.application import Site, build;"
        "from teachloop.runtime.access import Access;"
        "from teachloop.app.web.station_process import *;"
        "build(Site(Path('none'), Access(), StationProcess(Path('none'))));"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_gradio_writes_no_stubs(tmp_path: Path) -> None:
    code = (
        "from teachloop.app.pages.gradio_import import import_gradio; import_gradio();"
        "from gradio import component_meta; print(component_meta.create_or_modify_pyi.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "<lambda>"


def test_the_web_process_asks_nobody_and_its_jobs_may_download_a_base() -> None:
    code = (
        "import os; os.environ.pop('HF_HUB_OFFLINE', None)\n"
        "from teachloop.app.pages.gradio_import import import_gradio; import_gradio()\n"
        "from huggingface_hub import constants\n"
        "print(constants.HF_HUB_OFFLINE, 'HF_HUB_OFFLINE' in os.environ)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["True", "False"]
