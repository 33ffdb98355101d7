"""Texts and settings without secrets, as far as they can be told."""

import os
import re
from pathlib import Path

HIDDEN = "(hidden)"
NAMES = "password|passwd|token|secret|credential|api[_-]?key|private[_-]?key"
NAMED = re.compile(rf"(?i){NAMES}|authorization|cookie")
LINES = re.compile(r"(?im)\b((?:set-)?cookie|authorization)(['\"]?\s*[:=]).*$")
SAID = re.compile(
    rf"""(?ix) \b ([\w-]*(?:{NAMES})[\w-]* ['"]? \s* [:=] \s*) (?: (['"]).*?\2 | [^\s'",]+ )"""
)
KNOWN = re.compile(r"\bhf_\w{8,}|(?i:\bbearer\s+)\S+|(?<=//)[^/\s:@]+:[^@\s/]+(?=@)")
SHORTEST = 6  # characters of a secret in the environment: shorter ones are in every word
PLAIN = ("true", "false")


def redacted(text: str) -> str:
    """Without secrets, as far as they can be told, and without the name of who is logged in."""
    for name, value in os.environ.items():
        plain = value.lower() in PLAIN or value.isdigit() or len(value) < SHORTEST
        if NAMED.search(name) and not plain:
            text = text.replace(value, HIDDEN)
    text = LINES.sub(rf"\1\2 {HIDDEN}", text)
    text = SAID.sub(lambda found: f"{found[1]}{found[2] or ''}{HIDDEN}{found[2] or ''}", text)
    text = KNOWN.sub(HIDDEN, text)
    home = str(Path.home())
    return text if home == "/" else text.replace(home, "~")


def without_secrets(value: object) -> object:
    """What JSON can hold, each text as ``redacted``, and no value that is named as a secret."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if each and NAMED.search(str(name)) else without_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    return redacted(value) if isinstance(value, str) else value
