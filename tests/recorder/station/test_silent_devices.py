from teachloop.recorder.station.silent_devices import SilentDevices

SECOND = 10**9


def test_a_device_that_falls_silent_is_said_once_and_so_is_its_return() -> None:
    said: list[str] = []
    devices = SilentDevices(said.append)
    assert not devices.any(10 * SECOND, {"front": 10 * SECOND, "wrist": 10 * SECOND})
    assert not devices.any(10 * SECOND + SECOND // 2, {"front": 10 * SECOND, "wrist": 10 * SECOND})
    for moment in (11, 12, 13):
        assert devices.any(moment * SECOND, {"front": moment * SECOND, "wrist": 10 * SECOND})
    assert not devices.any(14 * SECOND, {"front": 14 * SECOND, "wrist": 14 * SECOND})
    assert len(said) == 2
    assert "wrist" in said[0]
    assert "front" not in said[0]
    assert "again" in said[1]


def test_a_device_that_rested_before_has_its_time_to_wake() -> None:
    said: list[str] = []
    devices = SilentDevices(said.append)
    assert not devices.any(10 * SECOND, {"front": 1 * SECOND})
    assert devices.any(11 * SECOND, {"front": 1 * SECOND})
    devices.rest()
    assert not devices.any(20 * SECOND, {"front": 1 * SECOND})
    assert len(said) == 1
