"""The short form of benchmarks/kill_recorder.py."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "kill_recorder.py"


@pytest.fixture(scope="module")
def kill_recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kill_recorder", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.alone
def test_a_killed_station_loses_nothing_older_than_150_ms(kill_recorder: ModuleType) -> None:
    kills = kill_recorder.run(4, seed=5)  # the third kills recover, the fourth the loop alone
    assert [each for each in kills if kill_recorder.failed(each)] == []
    assert all(each["rows"]["preview/front"] for each in kills)
