"""What a client refuses to send: texts may come from a page."""

import os
from pathlib import Path

import pytest
from own_loop import run_async

from teachloop.recorder.station.client import AsyncStationClient
from teachloop.recorder.station.commands import Command, SetTask
from teachloop.recorder.station.endpoint import Endpoint, StationError


def ask(folder: Path, command: Command) -> None:
    async def send() -> None:
        async with AsyncStationClient(Endpoint.in_folder(folder, os.getpid())) as client:
            await client.send(command)

    run_async(send())


def test_what_cannot_be_sent_is_said(tmp_path: Path) -> None:
    half_a_character = SetTask.model_construct(instruction="\ud800")
    with pytest.raises(StationError, match="The fields of set_task cannot be sent"):
        ask(tmp_path, half_a_character)
