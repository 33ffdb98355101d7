"""A pickle is read without being run: what a demo holds comes back, all else is refused by name."""

import os
import pickle
import pickletools
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing.saved_demo import observations, pickled

from teachloop.datasets.formats.rlbench import pickled as reading
from teachloop.datasets.formats.rlbench.pickled import WrongPickle, read_pickle
from teachloop.datasets.formats.rlbench.stored_objects import Stored, StoredArray


def read(folder: Path, content: bytes) -> Any:
    path = folder / "low_dim_obs.pkl"
    path.write_bytes(content)
    return read_pickle(path)


class Calls:
    """Pickled, it is a call of any function."""

    def __init__(self, function: Callable[..., object], *given: object) -> None:
        self.called = function, given

    def __reduce__(self) -> tuple[Any, ...]:
        return self.called


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_demo_comes_back(tmp_path: Path, protocol: int) -> None:
    steps = list(observations())
    if protocol == 2:  # spells bytes as a call of _codecs.encode
        with pytest.raises(WrongPickle, match=r"_codecs\.encode"):
            read(tmp_path, pickled(steps, protocol))
        return
    demo = read(tmp_path, pickled(steps, protocol))
    assert isinstance(demo, Stored)
    assert demo.kind == "Demo"
    for found, wanted in zip(demo.values["_observations"], steps, strict=True):
        for name in ("joint_positions", "gripper_pose", "gripper_matrix"):
            assert np.array_equal(found.values[name].values, wanted[name])
        assert found.values["gripper_open"] == wanted["gripper_open"]
        told = found.values["misc"]["front_camera_extrinsics"]
        assert np.array_equal(told.values, wanted["misc"]["front_camera_extrinsics"])
    assert demo.values["random_seed"][0] == "MT19937"


def test_numbers_of_old_and_new_numpy_are_read(tmp_path: Path) -> None:
    content = pickle.dumps([np.float64(2.5), np.arange(3, dtype=">i2"), np.eye(2, order="F")], 3)
    for spelled in (b"numpy.core.multiarray", b"numpy._core.multiarray"):
        other = content.replace(b"numpy._core.multiarray", spelled)
        number, counted, eye = read(tmp_path, other)
        assert number == 2.5
        assert counted.values.tolist() == [0, 1, 2]
        assert np.array_equal(eye.values, np.eye(2))


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("posix.system", Calls(os.system, "touch canary")),
        ("builtins.eval", Calls(eval, "open('canary', 'w')")),
        ("builtins.exec", Calls(exec, "open('canary', 'w')")),
        ("builtins.getattr", Calls(getattr, "x", "upper")),
        ("numpy.load", Calls(np.load, "canary.npy")),
        ("numpy.fromfile", Calls(np.fromfile, "/etc/passwd")),
        ("pickle.loads", Calls(pickle.loads, b"cposix\nsystem\n.")),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 3, 4, 5])
def test_any_other_function_is_refused_by_name_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: Calls, protocol: int
) -> None:
    monkeypatch.chdir(tmp_path)
    steps = [{**step, "misc": {"harm": call}} for step in observations()]
    words = r"asks for|instruction"
    with pytest.raises(WrongPickle, match=words) as refused:
        read(tmp_path, pickled(steps, protocol))
    if protocol > 2:
        assert name.split(".")[-1] in str(refused.value)
    assert "Nothing in it was run." in str(refused.value)
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize(
    "spelled",
    [
        b"cnumpy.f2py\nmain\n",
        b"cnumpy\nload\n",
        b"cnumpy.core.multiarray\n_reconstruct.__globals__\n",
        b"crlbench.demo\nDemo.__init__\n",
        b"crlbench.backend.observation\nos\n",
        b"\x8c\x08builtins\x8c\x04eval\x93",
        b"\x8c\x0crlbench.demo\x8c\x11Demo.__subclasses\x93",
        b"ios\nsystem\n",
        b"\x82\x01",
        b"Pabc\n",
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, spelled: bytes) -> None:
    with pytest.raises(WrongPickle):
        read(tmp_path, b"\x80\x04" + spelled + b".")


def _array_of(state: object, kind: bytes = b"cnumpy\nndarray\n") -> bytes:
    """``_reconstruct`` called for a class, and its state set."""
    begin = b"\x80\x03cnumpy.core.multiarray\n_reconstruct\n" + kind + b"K\x00\x85C\x01b\x87R"
    plain = pickle.dumps(state, 3)[2:-1]
    return begin + plain + b"b."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_array_of((1, (3,), np.dtype("f8"), False, b"12345678")), "does not have the shape"),
        (_array_of((1, (1 << 40, 1 << 40), np.dtype("f8"), False, b"")), "the shape"),
        (_array_of((1, (-1,), np.dtype("f8"), False, b"")), "shape is none"),
        (_array_of((1, (1,) * 9, np.dtype("u1"), False, b"1")), "shape is none"),
        (_array_of((1, (1,), np.dtype("O"), False, ["x"])), "only plain numbers"),
        (_array_of((1, (1,), np.dtype("S1000"), False, b"x")), "only plain numbers"),
        (_array_of((1, (1,), np.dtype([("a", "f8")]), False, b"x" * 8)), "only plain numbers"),
        (_array_of((1, (1,), "f8", False, b"12345678")), "not of plain numbers"),
        (_array_of("state"), "not of five parts"),
        (_array_of((1, (0,), 1, False, b""), b"crlbench.demo\nDemo\n"), "not numpy's own"),
        (b"\x80\x03crlbench.demo\nDemo\n)R.", "cannot be called"),
        (b"\x80\x03crlbench.demo\nDemo\nK\x01\x85\x81.", "no class of RLBench"),
        (b"\x80\x03cnumpy\ndtype\n)\x81.", "no class of RLBench"),
        (b"\x80\x03X\x01\x00\x00\x00xK\x01\x85R.", "cannot be called"),
        (b"\x80\x03crlbench.demo\nDemo\n}b.", "no object of a demo"),
        (b"\x80\x03crlbench.demo\nDemo\n)\x81]b.", "no map of its attributes"),
        (b"\x80\x03}(K\x01K\x02u.", "not all texts"),
        (b"\x80\x03h\x05.", "did not say before"),
        (b"\x80\x030.", "nothing to work on"),
        (b"\x80\x03(.", "nothing to work on"),
        (b"\x80\x03N", "no whole pickle"),
        (b"", "no whole pickle"),
        (b"no pickle at all", "instruction|no whole pickle"),
        (b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"x.", "no whole pickle"),
        (b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b"x.", "no whole pickle"),
        (b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + b"x.", "instruction|no whole pickle"),
    ],
)
def test_what_only_looks_like_a_demo_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(WrongPickle, match=words):
        read(tmp_path, content)


def test_a_far_place_of_the_memo_costs_nothing(tmp_path: Path) -> None:
    far = b"\x80\x03Nr" + struct.pack("<I", 0x7FFFFFFF) + b"."
    assert read(tmp_path, far) is None


def test_what_doubles_two_hundred_times_costs_nothing(tmp_path: Path) -> None:
    doubled = b"]\x94" + b"".join(b"h%ch%c\x86\x94" % (n, n) for n in range(200))
    assert isinstance(read(tmp_path, b"\x80\x04" + doubled + b"."), tuple)
    with pytest.raises(WrongPickle, match="only plain numbers"):
        read(tmp_path, b"\x80\x04" + doubled + b"\x85\x94cnumpy\ndtype\nh\xc9R.")


def test_what_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_INSTRUCTIONS", 1000)
    with pytest.raises(WrongPickle, match="more than 1000 instructions"):
        read(tmp_path, b"\x80\x03" + b"N0" * 2000 + b"N.")
    monkeypatch.setattr(reading, "MOST_BYTES", 1 << 20)
    with pytest.raises(WrongPickle, match="MiB"):
        read(tmp_path, bytes(3 << 20))


def test_no_instruction_is_known_that_reaches_further() -> None:
    """Those that look up an extension, a stored object or a class by its attributes."""
    known = {each.name for each in pickletools.opcodes}
    assert {*reading.DOES} < known
    for name in ("INST", "OBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"):
        assert name not in reading.DOES


def test_an_array_is_no_copy_of_the_file(tmp_path: Path) -> None:
    large = np.zeros(1 << 20, np.uint8)
    found = read(tmp_path, pickle.dumps([large] * 1000, 3))
    assert all(isinstance(each, StoredArray) for each in found)
    assert len({id(each) for each in found}) == 1
