"""Fine-tune: choose takes, press one button, watch it learn."""

from .shell import Shell

FINETUNE = Shell(
    name="finetune",
    template="""
<section class="choose card" aria-label="Takes to learn from">
  <header><h2>Takes</h2><span class="total"></span></header>
  <div class="filters"><select aria-label="Task" class="task"></select>
    <label class="check"><input type="checkbox" class="labelled" checked> labelled only</label>
    <button class="quiet" data-key="a" data-label="Choose all or none">All</button></div>
  <ol class="takes"></ol><p class="warnings" role="status"></p>
</section>
<section class="setup card" aria-label="What to train">
  <header><h2>Fine-tune</h2></header>
  <label for="finetune-base">Base</label><select id="finetune-base"></select>
  <details class="another"><summary>Another base</summary>
    <form class="line"><input id="finetune-other" maxlength="300" autocomplete="off"
      aria-label="Another base" placeholder="folder, hub id or policy server">
      <button>Add</button></form></details>
  <fieldset><legend>Preset</legend>
    <label class="choice"><input type="radio" name="finetune-preset" value="tiny">
      <span><b>Tiny</b> to see that everything works</span></label>
    <label class="choice"><input type="radio" name="finetune-preset" value="quick" checked>
      <span><b>Quick</b> a first impression in minutes</span></label>
    <label class="choice"><input type="radio" name="finetune-preset" value="better">
      <span><b>Better</b> longer, usually worth it</span></label>
  </fieldset>
  <label for="finetune-name">Name of the adapter</label>
  <input id="finetune-name" maxlength="80" autocomplete="off">
  <dl class="plan"></dl>
  <button class="primary go" data-key="f" data-label="Fine-tune">Fine-tune</button>
</section>
<section class="job card" aria-label="Job">
  <header><h2>Job</h2><select class="which" aria-label="Which job"></select></header>
  <div class="body"></div>
</section>
<section class="adapters" aria-label="Adapters">
  <header><h2>Adapters</h2><span class="total"></span></header><ol></ol>
</section>""",
)
