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


def test_importing_gradio_leaves_pandas_unread_until_it_is_asked_for_something() -> None:
    code = (
        "import sys; from teachloop.app.pages.gradio_import import import_gradio; import_gradio();"
        "print('pandas.core' in sys.modules);"
        "import pandas; print(pandas.Series([1, 2]).sum())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "3"]


def test_what_was_imported_is_never_looked_through_for_garbage(tmp_path: Path) -> None:
    code = (
        "import gc, os, signal, threading, time\n"
        "from teachloop.app.cli.main import main\n"
        "def look():\n"
        "    while not gc.get_freeze_count():\n"
        "        time.sleep(0.05)\n"
        "    time.sleep(0.2)\n"
        "    print(gc.isenabled(), gc.get_freeze_count() > 100_000, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=look, daemon=True).start()\n"
        f"main(['serve', '--data', {str(tmp_path)!r}, '--port', '0', '--source', 'synthetic'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "True True"


def test_the_web_process_asks_nobody_and_its_jobs_may_download_a_base() -> None:
    code = (
        "import os; os.environ.pop('HF_HUB_OFFLINE', None)\n"
        "from teachloop.app.pages.gradio_import import import_gradio; import_gradio()\n"
        "from huggingface_hub import constants\n"
        "print(constants.HF_HUB_OFFLINE, 'HF_HUB_OFFLINE' in os.environ)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["True", "False"]
