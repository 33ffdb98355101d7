// Label: click on the object, let the mask spread over the take, put right what is unsure.

import { connection } from "../shared/connection.js";
import { find, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { complain, saying } from "../shared/notices.js";
import { openTake, Pictures } from "../shared/playback.js";
import { onOpen, wishes } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";
import { LabelPanel } from "./panel.js";
import { LabelQueue } from "./queue.js";
import { Stage } from "./stage.js";
import { LabelStore, readLabels } from "./store.js";
import { bindEnds, Timeline } from "./timeline.js";

const AHEAD = 16;

export function mount(element) {
  return new LabelPage(element);
}

class LabelPage {
  constructor(element) {
    this.element = element;
    this.tick = 0;
    this.latencies = element.latencies = []; // of clicks, for who measures
    const actions = {
      click: (camera, x, y, positive) => this.click(camera, x, y, positive),
      box: (camera, values) => this.box(camera, values),
      boxing: () => this.boxing,
    };
    this.stages = [...element.querySelectorAll(".camera")].map(
      (figure) => new Stage(figure, actions),
    );
    this.timeline = new Timeline(find(element, ".track"), (tick) => this.seek(tick));
    this.panel = new LabelPanel(this, find(element, ".panel"));
    this.queue = new LabelQueue(find(element, ".queue"), (id) => this.open(id));
    this.bindTransport();
    connection.on("label_progress", (message) => this.progressed(message));
    connection.on("label_changed", (message) => this.changedElsewhere(message));
    connection.on("hello", (message) => this.labelerIs(message.labeler));
    connection.on("labeler", (message) => this.labelerIs(message));
    find(element, ".away button").onclick = () => saying(() => connection.ask("start_labeler"));
    takes.watch(() => this.queue.show(this.store?.take));
    onOpen("label", element, () => this.shown());
    this.show();
  }

  bindTransport() {
    for (const button of this.element.querySelectorAll(".transport button")) {
      // Holding an arrow key goes on; Shift takes ten frames at once.
      const by = (sign) =>
        Object.assign((event) => this.step(sign * (event?.shiftKey ? 10 : 1)), { repeats: true });
      const run = {
        ArrowLeft: by(-1),
        ArrowRight: by(1),
        k: () => this.play(),
        n: () => this.leastSure(),
      };
      bindButton("label", button, run[button.dataset.key]);
    }
    bindEnds(
      "label",
      (tick) => this.seek(tick),
      () => (this.detail?.ticks ?? 1) - 1,
    );
    bind("label", "[", "Take before", () => this.queue.move(-1));
    bind("label", "]", "Next take", () => this.queue.move(1));
    bind("label", "o", "Next object", () => this.panel.nextObject());
  }

  async shown() {
    await takes.refresh();
    const wish = wishes.label?.take;
    if (wish) delete wishes.label.take;
    const id = wish ?? this.store?.take ?? this.queue.first();
    if (id && id !== this.store?.take) await this.open(id);
  }

  async open(id) {
    if (id === this.store?.take || id === this.opening) return;
    this.play(false);
    this.opening = id;
    try {
      const [detail, labels] = await Promise.all([openTake(id), readLabels(id)]);
      if (this.opening !== id) return;
      this.pictures?.close();
      this.pictures = new Pictures(id);
      this.detail = detail;
      this.store = new LabelStore(id, labels, () => this.show());
      this.panel.opened();
      this.seek(0);
    } catch (error) {
      complain(error);
    }
    if (this.opening === id) this.opening = null;
    this.queue.show(this.store?.take);
  }

  seek(tick) {
    if (!this.detail) return;
    this.tick = Math.min(this.detail.ticks - 1, Math.max(0, tick));
    this.show();
  }

  step(count) {
    this.play(false);
    this.seek(this.tick + count);
  }

  play(on = !this.timer) {
    clearInterval(this.timer);
    this.timer = null;
    if (on && this.detail) {
      if (this.tick >= this.detail.ticks - 1) this.seek(0);
      this.timer = setInterval(
        () => (this.tick < this.detail.ticks - 1 ? this.seek(this.tick + 1) : this.play(false)),
        1000 / this.detail.rate_hz,
      );
    }
    setText(find(this.element, ".transport .play").firstChild, this.timer ? "❚❚" : "▶");
  }

  frameOf(camera, tick = this.tick) {
    return this.detail.frame_index[camera]?.[tick];
  }

  leastSure() {
    if (!this.store) return;
    const summary = this.store.byFrame();
    let worst = null;
    for (let tick = 0; tick < this.detail.ticks; tick++) {
      for (const { camera } of this.stages) {
        const entry = summary[camera]?.[this.frameOf(camera, tick)];
        if (!entry || entry.confidence === null || entry.locked || entry.prompted) continue;
        if (worst === null || entry.confidence < worst.confidence)
          worst = { tick, confidence: entry.confidence };
      }
    }
    if (worst) this.seek(worst.tick);
  }

  async click(camera, x, y, positive) {
    const object = await this.panel.objectForClick();
    if (!object) return;
    const at = performance.now();
    const patch = await this.store.act("click", {
      camera,
      frame: this.frameOf(camera),
      object,
      x,
      y,
      positive,
    });
    await new Promise(requestAnimationFrame); // until it is on the screen
    if (patch) this.latencies.push({ ms: performance.now() - at, segmenterMs: patch.segmenter_ms });
  }

  async box(camera, values) {
    const object = await this.panel.objectForClick();
    if (object)
      await this.store.act("box", { camera, frame: this.frameOf(camera), object, values });
    this.panel.box(false);
  }

  get boxing() {
    return this.panel.boxing;
  }

  progressed(message) {
    if (message.take !== this.store?.take) return;
    if (message.patch) this.store.absorb(message.patch);
    this.panel.progressed(message);
    this.show();
  }

  /** Another window, or a job, wrote a newer revision. */
  async changedElsewhere(message) {
    if (
      message.take !== this.store?.take ||
      message.revision <= this.store.revision ||
      this.store.waiting
    )
      return;
    await this.store.reload();
    this.show();
  }

  /** Whether the labeler runs. After a new start the page shows what is saved. */
  async labelerIs({ running, message }) {
    toggleHidden(find(this.element, ".away"), running);
    setText(find(this.element, ".away span"), message);
    if (!running || !this.store) return;
    await this.store.reload().catch(() => {});
    this.store.problem = "";
    this.panel.progressed({ state: this.store.propagating ? "running" : "idle" });
    this.show();
  }

  show() {
    const { detail, store } = this;
    for (const stage of this.stages) stage.veil(this.veilText(stage.camera));
    for (const button of this.element.querySelectorAll(".transport button"))
      setDisabled(button, !detail);
    this.panel.show();
    if (!detail) return;
    for (const stage of this.stages) this.showStage(stage);
    this.timeline.show(detail, store.byFrame(), this.tick);
    setText(find(this.element, ".where"), `${this.tick + 1} of ${detail.ticks}`);
  }

  veilText(camera) {
    if (!this.detail)
      return takes.kept.length ? "Choose a take on the left." : "No takes yet. Record one first.";
    return this.detail.frame_index[camera] ? "" : `This take has no ${camera} camera.`;
  }

  async showStage(stage) {
    const { tick, pictures, store } = this;
    const frame = this.frameOf(stage.camera);
    if (frame === undefined) return;
    for (let i = 1; i <= AHEAD; i++) {
      const next = this.frameOf(stage.camera, tick + i);
      if (next !== undefined) pictures.get(stage.camera, next).catch(() => {});
    }
    const picture = await pictures.get(stage.camera, frame).catch(() => null);
    if (this.tick !== tick || this.store !== store) return;
    stage.show(picture, this.scene(stage.camera, frame));
  }

  scene(camera, frame) {
    const names = this.store.objects.map((object) => object.name);
    const items = names.map((name, index) => ({
      mask: this.store.mask(camera, frame, name),
      index,
      chosen: name === this.panel.chosen,
    }));
    const prompts = this.store
      .promptsAt(camera, frame)
      .map((prompt) => ({ ...prompt, index: names.indexOf(prompt.object) }));
    return { items: items.filter((item) => item.mask), prompts, caption: `${camera} ${frame}` };
  }
}
