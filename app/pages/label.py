"""Label: say where the object is, once or twice, and let it spread over the take."""

from .shell import Shell

LABEL = Shell(
    name="label",
    template="""
<nav class="queue card" aria-label="Takes to label">
  <header><h2>Takes</h2><select aria-label="Order of the takes" class="order">
    <option value="worst">Unsure first</option><option value="newest">Newest</option>
  </select></header><ol></ol></nav>
<div class="desk">
  <div class="pictures">
    <figure class="camera front" data-camera="front" tabindex="0" role="application"
      aria-label="Front picture. Click on the object; right click on what is not part of it.">
      <canvas class="picture" width="256" height="256"></canvas><canvas class="over"></canvas>
      <figcaption></figcaption><div class="veil"></div></figure>
    <figure class="camera wrist" data-camera="wrist" tabindex="0" role="application"
      aria-label="Wrist picture. Click on the object; right click on what is not part of it.">
      <canvas class="picture" width="256" height="256"></canvas><canvas class="over"></canvas>
      <figcaption></figcaption><div class="veil"></div></figure>
    <dl class="how"><dt><i class="yes">+</i> Left click</dt><dd>part of the object</dd>
      <dt><i class="no">−</i> Right click</dt><dd>not part of it</dd>
      <dt><kbd>Shift</kbd> drag</dt><dd>a box around it</dd>
      <dt>● on the timeline</dt><dd>clicked</dd><dt>◆</dt><dd>locked: stays as it is</dd>
      <dt><i class="unsure"></i> bars</dt><dd>unsure, worth a look</dd></dl>
  </div>
  <div class="timeline card">
    <div class="transport">
      <button class="quiet icon" data-key="ArrowLeft" data-label="Previous frame"
        aria-label="Previous frame"></button>
      <button class="quiet icon play" data-key="k" data-label="Play or pause"
        aria-label="Play or pause">▶</button>
      <button class="quiet icon" data-key="ArrowRight" data-label="Next frame"
        aria-label="Next frame"></button>
      <output class="where"></output>
      <button class="quiet" data-key="n" data-label="Least sure frame">Least sure</button>
      </div>
    <canvas class="track" tabindex="0" role="slider" aria-label="Frame of the take"
      aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></canvas>
  </div>
</div>
<aside class="panel card" aria-label="Labels of this take">
  <header><h2 class="title">No take</h2><span class="saved" role="status"></span></header>
  <label for="label-instruction">Instruction</label>
  <textarea id="label-instruction" rows="2" maxlength="300" spellcheck="false"></textarea>
  <div class="heading"><span id="label-paraphrases">Said differently</span>
    <button class="quiet icon add-paraphrase" aria-label="Add another wording">+</button></div>
  <ul class="paraphrases" aria-labelledby="label-paraphrases"></ul>
  <div class="heading"><span id="label-objects">Objects</span>
    <button class="quiet icon add-object" aria-label="Add an object">+</button></div>
  <ul class="objects" aria-labelledby="label-objects"></ul>
  <div class="tools"><button data-key="b" data-label="Draw a box" class="box"
      aria-pressed="false">Box</button>
    <button data-key="z" data-label="Undo" class="undo">Undo</button>
    <button data-key="y" data-label="Redo" class="redo">Redo</button>
    <button data-key="Delete" data-label="Clear this frame" class="clear"
      title="Take the mask away in this frame">Clear</button>
    <button data-key="l" data-label="Lock this frame" class="lock" aria-pressed="false">Lock
    </button></div>
  <button class="primary propagate" data-key="p" data-label="Propagate"><span>Propagate</span>
  </button>
  <div class="progress" hidden><progress max="1" value="0" aria-label="Propagation"></progress>
    <button class="quiet cancel">Cancel</button></div>
  <div class="row two"><button data-key="s" class="success" aria-pressed="false">Success</button>
    <button data-key="Enter" data-label="Done, next take" class="done"
      title="Done, on to the next take">Done</button></div>
  <p class="hint"></p>
</aside>""",
)
