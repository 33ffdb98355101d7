"""A constant piece of HTML in a Gradio page, and the module that brings it to life."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PAGES = Path(__file__).resolve().parent
SHARED = re.compile(r"<!-- (shared/\w+\.html) -->\n")  # what several pages have


@dataclass(frozen=True)
class Shell:
    """The folder ``<name>/``: ``page.js`` there exports ``mount(element)``.

    Gradio evaluates what a template holds, so ``page.html`` is a constant: whatever a person
    typed reaches the page as text, through the modules.
    """

    name: str

    @cached_property
    def template(self) -> str:
        """Read once."""
        page = (PAGES / self.name / "page.html").read_text("utf-8")
        return SHARED.sub(lambda part: (PAGES / part[1]).read_text("utf-8"), page)

    def place(self, gr: Any) -> None:
        """Add it to the Gradio block that is open."""
        gr.HTML(
            html_template=f'<div class="tl-{self.name}">{self.template}</div>',
            js_on_load=f'window.teachloopPage("{self.name}", element.firstElementChild)',
            elem_id=f"page-{self.name}",
            apply_default_css=False,
        )
