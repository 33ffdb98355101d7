"""The window: one Gradio page with five tabs and the bar above them."""

from pathlib import Path
from typing import Any

from .data import DATA
from .finetune import FINETUNE
from .gradio_import import import_gradio
from .label import LABEL
from .record import RECORD
from .rollout import ROLLOUT
from .shell import Shell

STATIC = Path(__file__).resolve().parents[1] / "static"
TABS = (
    ("Record", RECORD),
    ("Label", LABEL),
    ("Fine-tune", FINETUNE),
    ("Roll out", ROLLOUT),
    ("Data", DATA),
)
BAR = Shell(
    name="bar",
    template="""
<div class="tl-brand" aria-hidden="true"><svg viewBox="0 0 24 24" width="20" height="20">
  <path d="M4 19h7M7.5 19v-5.5l5-5 4 3" fill="none" stroke="currentColor" stroke-width="2.2"
    stroke-linecap="round" stroke-linejoin="round"/><circle cx="7.5" cy="13.5" r="1.9"
    fill="currentColor"/><circle cx="12.5" cy="8.5" r="1.9" fill="currentColor"/>
  <path d="m16.5 11.5 3-.5m-3 .5 1 2.8" fill="none" stroke="currentColor" stroke-width="2.2"
    stroke-linecap="round"/></svg>teachloop</div>
<div class="tl-tools">
  <div class="tl-station" role="status" title="The station: its rate and what it does">
    <i class="light"></i><span class="what">starting</span></div>
  <button class="quiet tl-control" data-key="c" data-label="Take control"
    title="Drive from this window">Take control</button>
  <button class="quiet tl-jobs" data-key="j" data-label="Jobs" title="Running jobs">No jobs</button>
  <button class="quiet icon" data-key="0" data-label="Light or dark" aria-label="Light or dark"
    id="tl-theme">◐</button>
  <button class="quiet icon" data-key="?" data-label="All keys" aria-label="All keys"
    id="tl-help"></button>
  <button class="tl-stop" data-label="Stop" title="The robot holds at once. This is no
 replacement for the hardware stop.">Stop <kbd>Space</kbd></button>
</div>""",
)


def blocks() -> Any:
    """The Gradio page, not yet mounted."""
    gr = import_gradio()
    with gr.Blocks(title="teachloop", fill_width=True, analytics_enabled=False) as page:
        BAR.place(gr)
        with gr.Tabs(selected="record", elem_id="tl-tabs"):
            for label, shell in TABS:
                with gr.Tab(label, id=shell.name, elem_id=f"tab-{shell.name}"):
                    shell.place(gr)
    return page


def theme() -> Any:
    """Gradio's plain theme with the fonts that every system has."""
    gr = import_gradio()
    fonts = ["system-ui", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])


def version() -> str:
    """Changes whenever a static file does, so that a browser may keep the others for ever."""
    newest = max(path.stat().st_mtime_ns for path in STATIC.iterdir())
    return f"{newest:x}"


def head() -> str:
    """What goes into the page's head: our styles, and the modules before Gradio asks for them."""
    base = f"/modules/{version()}"
    sheets = ("frame", "record", "label", "jobs")
    links = [f'<link rel="stylesheet" href="{base}/{name}.css">' for name in sheets]
    modules = ("dom", "connection", "station", "camera", "keys", "notice", "bar", "record")
    links += [f'<link rel="modulepreload" href="{base}/{name}.js">' for name in modules]
    links += [
        f'<script>window.teachloopPage = (name, element) => import("{base}/" + name + ".js")'
        ".then((module) => module.mount(element));</script>",
        f'<script type="module" src="{base}/appearance.js"></script>',
        '<meta name="viewport" content="width=device-width">',
    ]
    return "\n".join(links)
