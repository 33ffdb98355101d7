"""A folder of pictures, and of texts beside them."""

from pathlib import Path

from ...runtime.text import one_line
from .pictures import SUFFIXES, LabelledPicture, NoSuchSet, WrongPicture, size_of

LONGEST_TEXT = 10_000  # bytes
MOST_LINES = 50


def read_folder(folder: Path) -> list[LabelledPicture]:
    """Its pictures, by name. A text of the same name, ``cup.txt`` beside ``cup.jpg``, is the
    instruction, and each further line says the same in other words.

    Raises NoSuchSet, WrongPicture.
    """
    if not folder.is_dir():
        raise NoSuchSet(f"{folder} is no folder of pictures, and no COCO file (.json).")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise NoSuchSet(f"No picture is in {folder}: it must hold {', '.join(SUFFIXES)} files.")
    return [_picture(path) for path in paths]


def _picture(path: Path) -> LabelledPicture:
    size = size_of(path.name, path, upright=True)
    return LabelledPicture(
        name=path.name, path=path, size=size, upright=True, wordings=_wordings(path)
    )


def _wordings(path: Path) -> tuple[str, ...]:
    text = path.with_suffix(".txt")
    if not text.is_file():
        return ()
    if text.stat().st_size > LONGEST_TEXT:
        raise WrongPicture(text.name, f"a text has at most {LONGEST_TEXT} bytes.")
    try:
        lines = map(one_line, text.read_text("utf-8-sig").splitlines())
    except UnicodeDecodeError:
        raise WrongPicture(text.name, "it is no UTF-8 text.") from None
    return tuple(dict.fromkeys(filter(None, lines)))[:MOST_LINES]
