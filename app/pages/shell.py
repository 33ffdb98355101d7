"""A constant piece of HTML in a Gradio page, and the module that brings it to life."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shell:
    """``static/<name>.js`` exports ``mount(element)``.

    Gradio evaluates what a template holds, so templates are constants: whatever a person
    typed reaches the page as text, through the modules.
    """

    name: str
    template: str

    def place(self, gr: Any) -> None:
        """Add it to the Gradio block that is open."""
        gr.HTML(
            html_template=f'<div class="tl-{self.name}">{self.template}</div>',
            js_on_load=f'window.teachloopPage("{self.name}", element.firstElementChild)',
            elem_id=f"page-{self.name}",
            apply_default_css=False,
        )
