"""The window: one Gradio page with a tab for each page, and the bar above them."""

from typing import Any

from .gradio_import import import_gradio
from .shell import Shell

BAR = Shell("bar")
TABS = (
    ("Record", Shell("record")),
    ("Label", Shell("label")),
    ("Fine-tune", Shell("finetune")),
    ("Roll out", Shell("rollout")),
    ("Data", Shell("data")),
    ("Set-up", Shell("setup")),
)


def blocks() -> Any:
    """The Gradio page, not yet mounted."""
    gr = import_gradio()
    with gr.Blocks(title="teachloop", fill_width=True, analytics_enabled=False) as page:
        BAR.place(gr)
        with gr.Tabs(selected="record", elem_id="tl-tabs", overflow_behavior="wrap"):
            for label, shell in TABS:
                with gr.Tab(label, id=shell.name, elem_id=f"tab-{shell.name}"):
                    shell.place(gr)
    return page


def theme() -> Any:
    """Gradio's plain theme with the fonts that every system has."""
    gr = import_gradio()
    fonts = ["system-ui", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])
