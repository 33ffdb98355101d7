"""What a client refuses to send: fields may come from a page."""

from pathlib import Path
from typing import Any

import pytest
from own_loop import run_async

from teachloop.recorder.station.client import AsyncStationClient, StationError


def ask(folder: Path, name: str, fields: dict[str, Any]) -> None:
    async def send() -> None:
        addresses = {name: f"ipc://{folder}/{name}" for name in ("command", "publish", "preview")}
        async with AsyncStationClient(addresses) as client:
            await client.command(name, **fields)

    run_async(send())


@pytest.mark.parametrize("field", ["command", "lease", "id"])
def test_no_field_makes_another_command_of_the_one_that_was_allowed(
    tmp_path: Path, field: str
) -> None:
    with pytest.raises(StationError, match="no fields command, id, lease of its own"):
        ask(tmp_path, "status", {field: "start"})


@pytest.mark.parametrize("value", [10**30, "\ud800", object()])
def test_what_cannot_be_sent_is_said(tmp_path: Path, value: Any) -> None:
    with pytest.raises(StationError, match="The fields of reset cannot be sent"):
        ask(tmp_path, "reset", {"seed": value})
