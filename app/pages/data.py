"""Data: every take in one list, to play, to put in the bin and to take out again."""

from .shell import Shell

DATA = Shell(
    name="data",
    template="""
<section class="list card" aria-label="All takes">
  <header><h2>Takes</h2><span class="total"></span>
    <input type="search" placeholder="Search" aria-label="Search takes" class="search">
    <select class="which" aria-label="Which takes"><option value="kept">Kept</option>
      <option value="bin">In the bin</option><option value="damaged">Damaged</option></select>
  </header>
  <div class="table"><table><thead><tr><th scope="col">Take</th><th scope="col">Instruction</th>
    <th scope="col">Recorded</th><th scope="col" class="number">Length</th>
    <th scope="col">Success</th><th scope="col">Labels</th><th scope="col">Operator</th>
    </tr></thead><tbody></tbody></table></div>
</section>
<aside class="player card" aria-label="The chosen take">
  <header><h2 class="title">No take chosen</h2></header>
  <div class="pictures"><figure class="camera front" data-camera="front"><canvas class="picture"
    width="256" height="256" role="img" aria-label="Front picture"></canvas></figure>
    <figure class="camera wrist" data-camera="wrist"><canvas class="picture" width="256"
    height="256" role="img" aria-label="Wrist picture"></canvas></figure></div>
  <div class="playback"><button class="quiet icon play" data-key="k" data-label="Play or pause"
      aria-label="Play or pause">▶</button>
    <input type="range" min="0" max="0" value="0" aria-label="Frame of the take">
    <output></output></div>
  <dl class="facts"></dl>
  <div class="row two"><button data-key="l" class="to-label">Label</button>
    <button data-key="Delete" data-label="To the bin, or back" class="bin">To the bin</button></div>
</aside>""",
)
