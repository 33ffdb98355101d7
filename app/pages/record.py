"""Record: two live pictures, one task, one big button, and the takes so far."""

from .cameras import FRONT, HEALTH, TRACES, WRIST
from .shell import Shell

RECORD = Shell(
    name="record",
    template=f"""
<div class="cameras">{FRONT}<div class="beside">{WRIST}{TRACES}</div></div>
<aside class="panel" aria-label="Task and recording">
  <div class="card task">
    <label for="record-task">Task</label>
    <div class="row"><select id="record-task"></select>
      <button class="quiet icon add" title="Save the instruction as a task of its own"
        aria-label="Save as task">+</button></div>
    <label for="record-instruction">Instruction</label>
    <textarea id="record-instruction" rows="2" maxlength="300" spellcheck="false"></textarea>
    <div class="row two"><div><label for="record-operator">Operator</label>
      <input id="record-operator" maxlength="60" autocomplete="off"></div>
      <div><label for="record-input">Input</label><select id="record-input">
        <option value="keyboard">Keyboard</option>
        <option value="expert">Script</option></select></div></div>
    <label class="check"><input type="checkbox" id="record-countdown"> Count down 3 s first</label>
  </div>
  <div class="card run">
    <div class="timer" role="timer" aria-label="Length of the take">00:00.0</div>
    <button class="record" data-key="r" data-label="Record or stop">
      <i class="dot"></i><span>Record</span></button>
    <div class="row three"><button data-key="p" class="practice">Practice</button>
      <button data-key="x" class="reset">Reset</button>
      <button data-key="h" class="home">Home</button></div>
    <div class="row three"><button data-key="Enter" class="keep primary">Keep</button>
      <button data-key="Backspace" class="discard">Discard</button>
      <button data-key="t" class="success" aria-pressed="false">Success</button></div>
    <p class="hint"></p>
  </div>
</aside>
{HEALTH}
<section class="strip" aria-label="Takes">
  <header><h2>Takes</h2><span class="total"></span>
    <button data-key="u" class="undo quiet">Undo last</button></header>
  <ol class="takes"></ol>
</section>""",
)
