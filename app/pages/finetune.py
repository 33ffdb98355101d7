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
  <div class="fields"><div class="pair"><label for="finetune-base">Base</label>
    <select id="finetune-base"></select></div>
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
  <details class="openvla" hidden><summary>OpenVLA</summary><form>
    <label for="openvla-chunk">Answers</label><select id="openvla-chunk" name="chunk">
      <option value="1">one action, as tokens</option>
      <option value="8">8 actions at once (OFT)</option></select>
    <label for="openvla-cameras">Cameras</label><select id="openvla-cameras" name="cameras">
      <option value="one">front</option><option value="both">front and wrist</option></select>
    <label for="openvla-bits">Base held in</label><select id="openvla-bits" name="bits">
      <option value="0">full precision</option><option value="8">8 bits</option>
      <option value="4">4 bits</option></select>
    <label for="openvla-rank">LoRA rank</label>
    <input id="openvla-rank" name="lora_rank" type="number" min="1" max="512" value="32" required>
    <label for="openvla-batch">Batch</label>
    <input id="openvla-batch" name="batch" type="number" min="1" max="1024" value="16" required>
    <label for="openvla-at-once" title="Fewer need less memory. 0: the whole batch">At once</label>
    <input id="openvla-at-once" name="micro_batch" type="number" min="0" max="1024" value="0"
      title="Fewer need less memory. 0: the whole batch" required>
    <label class="check"><input type="checkbox" name="grounding"> Masks teach where to look</label>
  </form></details>
  <div class="pair"><label for="finetune-rollouts">Then try</label>
    <select id="finetune-rollouts">
      <option value="0">nothing</option><option value="10">on 10 unseen layouts</option>
      <option value="20" selected>on 20 unseen layouts</option>
      <option value="50">on 50 unseen layouts</option></select></div>
  <div class="pair"><label for="finetune-name">Name</label>
    <input id="finetune-name" maxlength="80" autocomplete="off"></div></div>
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
