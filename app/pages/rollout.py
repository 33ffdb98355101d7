"""Roll out: the Record page with a policy as the agent, and many layouts at once."""

from .cameras import FRONT, HEALTH, TRACES, WRIST
from .shell import Shell

ROLLOUT = Shell(
    name="rollout",
    template=f"""
<div class="cameras">{FRONT}<div class="beside">{WRIST}{TRACES}</div></div>
<aside class="panel" aria-label="Policy">
  <div class="card task">
    <label for="rollout-adapter">Policy</label>
    <select id="rollout-adapter"></select>
    <div class="row scene"><div><label for="rollout-task">Scene</label>
      <select id="rollout-task"></select></div>
      <div><label for="rollout-seed">Seed</label>
      <input id="rollout-seed" type="number" min="0" step="1" value="1"></div></div>
    <label for="rollout-instruction">Instruction</label>
    <textarea id="rollout-instruction" rows="2" maxlength="300" spellcheck="false"></textarea>
    <label class="check"><input type="checkbox" id="rollout-attention" checked>
      Show where it looks</label>
  </div>
  <div class="card run">
    <div class="timer" role="timer" aria-label="Length of the run">00:00.0</div>
    <button class="record" data-key="r" data-label="Run or stop">
      <i class="dot"></i><span>Run</span></button>
    <div class="row two"><button data-key="x" class="reset">New scene</button>
      <button data-key="h" class="home">Home</button></div>
    <div class="row three"><button data-key="Enter" class="keep primary">Keep</button>
      <button data-key="Backspace" class="discard">Discard</button>
      <button data-key="t" class="success" aria-pressed="false">Success</button></div>
    <p class="hint"></p>
  </div>
</aside>
{HEALTH}
<section class="strip batch" aria-label="Many layouts">
  <header><h2>Many layouts</h2><span class="total">in simulation, on scenes nobody has seen</span>
  </header>
  <form class="line"><label for="rollout-count">SceneSet</label>
    <input id="rollout-count" type="number" min="1" max="500" value="20">
    <button type="button" data-key="b" class="start-batch">Evaluate</button></form>
  <div class="results"></div>
</section>""",
)
