"""What a client refuses to send, as texts may come from a page, and what it says of an end."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest
from own_loop import run_async

from teachloop.recorder.station.client import AsyncStationClient
from teachloop.recorder.station.commands import Command, GetStatus, SetTask
from teachloop.recorder.station.endpoint import (
    Endpoint,
    StationAway,
    StationError,
    endpoint_file,
    read_endpoint,
)


def ask(folder: Path, command: Command) -> None:
    async def send() -> None:
        async with AsyncStationClient(Endpoint.in_folder(folder, os.getpid())) as client:
            await client.send(command)

    run_async(send())


def test_what_cannot_be_sent_is_said(tmp_path: Path) -> None:
    half_a_character = SetTask.model_construct(instruction="\ud800")
    with pytest.raises(StationError, match="The fields of set_task cannot be sent"):
        ask(tmp_path, half_a_character)


def test_whoever_waits_hears_at_once_that_the_station_ended(tmp_path: Path) -> None:
    async def wait_and_close() -> None:
        client = AsyncStationClient(Endpoint.in_folder(tmp_path, os.getpid()))
        waiting = asyncio.create_task(client.send(GetStatus()))
        await asyncio.sleep(0.1)
        client.close()
        await waiting

    began_s = time.monotonic()
    with pytest.raises(StationAway, match="ended before it answered"):
        run_async(wait_and_close())
    assert time.monotonic() - began_s < 5.0


@pytest.mark.parametrize("pid", [0, -4_000_000, 1 << 40, "1", None])
def test_an_endpoint_of_no_process_is_that_of_no_station(tmp_path: Path, pid: object) -> None:
    content = {**Endpoint.in_folder(tmp_path, os.getpid()).model_dump(), "pid": pid}
    endpoint_file(tmp_path).parent.mkdir()
    endpoint_file(tmp_path).write_text(json.dumps(content))
    with pytest.raises(StationAway, match="No station runs for"):
        read_endpoint(tmp_path)
