"""Facts about the tree as a whole: packaging, import rules, pins, and what is committed."""

import os
import re
import shutil
import subprocess
import sys
import tokenize
import zipfile
from importlib.metadata import requires
from pathlib import Path
from token import NAME

import pytest
import tomlkit
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8")).unwrap()
ROOMS = "app recorder labeler training jobs simulation datasets runtime geometry"
FOLDERS = tuple(ROOMS.split())
LAYERS: list[str] = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
OURS = (".git", ".venv", "data", "screenshots", "build", "dist")


def copy_tree(target: Path, *without: str) -> None:
    """The tree without what no commit holds, and without these of its folders."""
    left_out = {ROOT / name for name in (*OURS, *without)}
    made = shutil.ignore_patterns("*.egg-info", "__pycache__", ".*_cache")

    def hidden(folder: str, names: list[str]) -> set[str]:
        return {*made(folder, names), *(n for n in names if Path(folder) / n in left_out)}

    shutil.copytree(ROOT, target, symlinks=True, ignore=hidden)


def folders_with_code() -> set[str]:
    modules = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {".".join(("teachloop", *path.parent.relative_to(ROOT).parts)) for path in modules}


def shipped_files() -> set[str]:
    """Everything that a wheel should hold, as it lies in the tree."""
    names = {path.relative_to(ROOT) for room in FOLDERS for path in (ROOT / room).rglob("*")}
    wanted = {".py", ".html", ".js", ".css", ".svg", ".json", ".safetensors", ".md"}
    return {f"teachloop/{name.as_posix()}" for name in names if name.suffix in wanted}


def test_pyproject_lists_every_folder_with_code() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    assert listed == folders_with_code() | {"teachloop"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_is_linked_into_the_package(folder: str) -> None:
    link = ROOT / "src" / "teachloop" / folder
    assert link.is_symlink()
    assert link.resolve() == ROOT / folder


def test_datasets_shadows_no_installed_package() -> None:
    assert not (ROOT / "datasets" / "__init__.py").exists()


def test_everything_that_is_required_is_pinned() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {_normal(line.split("==")[0]) for line in pins.splitlines() if "==" in line}
    project = PROJECT["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {_normal(name) for name in asked} <= pinned
    assert {_normal(name) for name in _needed_by("gradio")} <= pinned


def _needed_by(package: str) -> list[str]:
    asked = [Requirement(text) for text in requires(package) or []]
    return [need.name for need in asked if not need.marker or need.marker.evaluate({"extra": ""})]


def _normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_the_pins_hold_for_every_machine() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"\+|@|/|--", re.sub(r"#.*", "", pins))
    assert "torch==2.13.0" in pins.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: setuptools would mix what an earlier build left into the wheel."""
    tree, out = tmp_path_factory.mktemp("tree") / "t", tmp_path_factory.mktemp("wheel")
    copy_tree(tree, "tests")
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*build, "-w", str(out), str(tree)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("teachloop-*.whl"))


def test_the_wheel_holds_all_code_pages_and_bases(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert shipped_files() <= held
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)
    assert not [name for name in held if "test" in name.split("/")[0]]


def test_the_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    code = (
        "import teachloop, sys; print(teachloop.__file__);"
        "import teachloop.app.cli.main as c; c.main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[0] == str(target / "teachloop" / "__init__.py")
    assert "subcommands" in shown.stdout


FORBIDDEN = {
    "recorder": "from ..labeler import segmenter",
    "datasets": "from ..simulation import world",
    "training": "import pytest",
    "app": "from tests import test_house",
    "geometry": "import torch",
    "labeler": "from ..training import policies",
    "jobs": "from ..training import policies",
    "runtime": "from ..datasets import steps",
}


def test_forbidden_imports_are_found(tmp_path: Path) -> None:
    tree = tmp_path / "t"
    copy_tree(tree, "docs")
    for folder, line in FORBIDDEN.items():
        (tree / folder / "intruder.py").write_text(line + "\n")
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
    )
    assert checked.returncode != 0
    found = set(re.findall(r"teachloop\.(\w+)\.intruder ->", checked.stdout))
    assert found == set(FORBIDDEN)


def below_or_beside() -> dict[str, tuple[str, ...]]:
    """For each folder, those that no module of it may name."""
    rows = [set(row.replace("teachloop.", "").split(" | ")) for row in LAYERS]
    above: set[str] = set()
    forbidden: dict[str, tuple[str, ...]] = {}
    for row in rows:
        forbidden |= {each: tuple(sorted(above | (row - {each}))) for each in sorted(row)}
        above |= row
    return forbidden


@pytest.mark.parametrize(("folder", "others"), below_or_beside().items())
def test_no_module_names_one_of_a_layer_above_not_even_as_text(
    folder: str, others: tuple[str, ...]
) -> None:
    if not others:
        return
    named = re.compile(rf"teachloop[./](?:{'|'.join(sorted(others))})\b")
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in named.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_no_committed_text_names_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    texts = {".py", ".md", ".toml", ".txt", ".sh", ".html", ".js", ".css", ""}
    paths = [ROOT / name for name in listed.stdout.splitlines() if Path(name).suffix in texts]
    named = re.compile(r"/(?:home|Users|root|work)/\w+")
    found = [p for p in paths if p.is_file() and named.search(p.read_text("utf-8", "replace"))]
    assert found == []


def test_names_are_the_field_s_words() -> None:
    """Nicknames that a newcomer would have to learn, and that others say in standard terms."""
    nicknames = {"shelf", "workshop", "scribe", "roster", "belief", "sighting", "footage"}
    nicknames |= {"cell", "seal", "orphans", "superblock", "gates"}
    found = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            names = re.findall(r"[A-Za-z]+", " ".join((*_identifiers(path), path.stem)))
            words = {word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z]+", name)}
            found |= {f"{path.relative_to(ROOT)}: {word}" for word in words & nicknames}
    assert found == set()


def _identifiers(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [token.string for token in tokenize.tokenize(file.readline) if token.type == NAME]


def test_one_room_starts_processes() -> None:
    """Elsewhere a program may only be waited for, to its end, by subprocess.run."""
    starts = {"Popen", "create_subprocess_exec", "create_subprocess_shell", "ProcessPoolExecutor"}
    starts |= {"multiprocessing", "get_context", "fork", "posix_spawn", "execv", "spawnv"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for name in starts.intersection(_identifiers(path))
        if path.parent != ROOT / "runtime" / "processes"
    }
    assert found == set()
