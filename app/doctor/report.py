"""Says what was found, on the terminal or as JSON."""

import json
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.text import Text

from .finding import Finding, Verdict

SIGNS: Mapping[Verdict, tuple[str, str]] = {
    "good": ("✓", "green"),
    "note": ("!", "yellow"),
    "bad": ("✗", "red"),
}
WIDTH = 20  # of the names


def report(findings: Iterable[Finding], as_json: bool) -> int:
    """Exit code: 1 where anything is bad."""
    if as_json:
        told = list(findings)
        print(json.dumps([each.model_dump() for each in told], ensure_ascii=False))
        return _code(told)
    console, told = Console(highlight=False), []
    for each in findings:
        console.print(line(each), soft_wrap=True)
        told.append(each)
    console.print(_sum(told))
    return _code(told)


def line(finding: Finding) -> Text:
    sign, colour = SIGNS[finding.verdict]
    text = Text.assemble((f"{sign} ", colour), f"{finding.what:<{WIDTH}} {finding.text}")
    if finding.remedy:
        text.append(f"\n{'':{WIDTH + 3}}→ {finding.remedy}", "bold")
    return text


def _sum(findings: list[Finding]) -> str:
    bad = [each.what for each in findings if each.verdict == "bad"]
    if bad:
        return f"[red]Not ready: {', '.join(bad)}."
    notes = sum(each.verdict == "note" for each in findings)
    return f"[green]Ready.[/] {notes} of these could be better." if notes else "[green]Ready."


def _code(findings: list[Finding]) -> int:
    return int(any(each.verdict == "bad" for each in findings))
