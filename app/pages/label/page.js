// Label: click on the object, let the mask spread over the take, put right what is unsure.

import { connection } from "../shared/connection.js";
import { button, canvas, controls, find, setDisabled, setText } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { complain } from "../shared/notices.js";
import { openTake, Pictures } from "../shared/playback.js";
import { onOpen, takeWish } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";
import { Batch } from "./batch.js";
import { Labeler } from "./labeler.js";
import { LabelPanel } from "./panel.js";
import { LabelQueue } from "./queue.js";
import { LabelStore, readLabels } from "./store.js";
import { bindEnds, Timeline } from "./timeline.js";
import { Views } from "./views.js";

/** @import { LabelProgress, Messages, TakeDetail } from "../shared/messages" */
/** @import { Action } from "../shared/keys.js" */
/** @import { Box } from "./stage.js" */
/** @import { Opened } from "./views.js" */

/** @param {HTMLElement} element */
export function mount(element) {
  return new LabelPage(element);
}

class LabelPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.tick = 0;
    this.timer = 0;
    /** @type {Opened | null} */
    this.take = null;
    /** @type {string | null} */
    this.opening = null;
    /** @type {{ms: number, segmenterMs: number | undefined}[]} */
    this.latencies = []; // of clicks
    Object.assign(element, { latencies: this.latencies }); // for who measures
    this.timeline = new Timeline(canvas(element, ".track"), (tick) => this.seek(tick));
    this.views = new Views(find(element, ".views"), {
      click: (camera, x, y, positive) => this.click(camera, x, y, positive),
      box: (camera, corners) => this.box(camera, corners),
      boxing: () => this.panel.boxing,
    });
    this.panel = new LabelPanel(this, find(element, ".panel"));
    this.labeler = new Labeler(find(element, ".panel"), () => this.labelerRuns());
    this.queue = new LabelQueue(find(element, ".queue"), (id) => this.open(id));
    this.batch = new Batch(find(element, ".batch"), () => this.reread());
    this.bindTransport();
    connection.on("label_progress", (message) => this.progressed(message));
    connection.on("label_changed", (message) => this.changedElsewhere(message));
    takes.watch(() => this.queue.show(this.store?.take));
    onOpen("label", element, () => this.shown());
    this.show();
  }

  get store() {
    return this.take?.store ?? null;
  }

  /** @param {string} action @param {object} fields */
  act(action, fields = {}) {
    return this.store?.act(action, fields) ?? Promise.resolve(null);
  }

  bindTransport() {
    // Holding an arrow key goes on; Shift takes ten frames at once.
    /** @param {number} sign @returns {Action} */
    const by = (sign) => (event) => this.step(sign * (event?.shiftKey ? 10 : 1));
    /** @param {string} key @param {Action} run @param {boolean} repeats */
    const bound = (key, run, repeats = false) =>
      bindButton("label", button(this.element, `.transport [data-key="${key}"]`), run, repeats);
    bound("ArrowLeft", by(-1), true);
    bound("k", () => this.play());
    bound("ArrowRight", by(1), true);
    bound("n", () => this.leastSure());
    const last = () => (this.take?.detail.ticks ?? 1) - 1;
    bindEnds("label", (tick) => this.seek(tick), last);
    bind("label", "[", "Take before", () => this.queue.move(-1));
    bind("label", "]", "Next take", () => this.queue.move(1));
    bind("label", "o", "Next object", () => this.panel.objects.next());
  }

  async shown() {
    await takes.refresh();
    const { opening, store } = this;
    const id = takeWish("label").take ?? opening ?? store?.take ?? this.queue.first();
    if (id && id !== this.store?.take) await this.open(id);
  }

  /** @param {string} id */
  async open(id) {
    if (id === this.store?.take || id === this.opening) return;
    this.play(false);
    this.opening = id;
    try {
      const [detail, labels] = await Promise.all([openTake(id), readLabels(id)]);
      if (this.opening !== id) return;
      this.take?.pictures.close();
      const store = new LabelStore(id, labels, () => this.show());
      this.take = { detail, store, pictures: new Pictures(id) };
      this.panel.opened();
      this.seek(0);
    } catch (error) {
      complain(error);
    }
    if (this.opening === id) this.opening = null;
    this.queue.show(this.store?.take);
  }

  /** @param {number} tick */
  seek(tick) {
    if (!this.take) return;
    this.tick = Math.min(this.take.detail.ticks - 1, Math.max(0, tick));
    this.show();
  }

  /** @param {number} count */
  step(count) {
    this.play(false);
    this.seek(this.tick + count);
  }

  play(on = !this.timer) {
    clearInterval(this.timer);
    this.timer = 0;
    const { detail } = this.take ?? {};
    if (on && detail) {
      if (this.tick >= detail.ticks - 1) this.seek(0);
      this.timer = setInterval(() => this.next(detail), 1000 / detail.rate_hz);
    }
    setText(find(this.element, ".transport .play").firstChild, this.timer ? "❚❚" : "▶");
  }

  /** @param {TakeDetail} detail */
  next(detail) {
    if (this.tick < detail.ticks - 1) this.seek(this.tick + 1);
    else this.play(false);
  }

  /** @param {string} camera @returns {number | undefined} */
  frameOf(camera, tick = this.tick) {
    return this.take?.detail.frame_index[camera]?.[tick];
  }

  leastSure() {
    const summary = this.store?.byFrame() ?? {};
    let worst = { tick: -1, confidence: Infinity };
    for (let tick = 0; tick < (this.take?.detail.ticks ?? 0); tick++) {
      for (const camera of this.views.cameras) {
        const { confidence, locked, prompted } =
          summary[camera]?.[this.frameOf(camera, tick) ?? -1] ?? {};
        if (confidence === undefined || confidence === null || locked || prompted) continue;
        if (confidence < worst.confidence) worst = { tick, confidence };
      }
    }
    if (worst.tick >= 0) this.seek(worst.tick);
  }

  /** @param {string} camera @param {number} x @param {number} y @param {boolean} positive */
  async click(camera, x, y, positive) {
    const object = await this.panel.objects.forClick();
    if (!object || !this.store) return;
    const at = performance.now();
    const { segmenter } = this.labeler;
    const place = { camera, frame: this.frameOf(camera), object };
    const patch = await this.act("click", { ...place, x, y, positive, segmenter });
    await new Promise(requestAnimationFrame); // until it is on the screen
    if (!patch) return;
    this.latencies.push({ ms: performance.now() - at, segmenterMs: patch.segmenter_ms });
  }

  /** @param {string} camera @param {Box} values */
  async box(camera, values) {
    const object = await this.panel.objects.forClick();
    const { segmenter } = this.labeler;
    const place = { camera, frame: this.frameOf(camera), object };
    if (object) await this.act("box", { ...place, values, segmenter });
    this.panel.box(false);
  }

  /** @param {LabelProgress} message */
  progressed(message) {
    if (!this.store || message.take !== this.store.take) return;
    if (message.patch) this.store.absorb(message.patch);
    this.panel.progressed(message);
    this.show();
  }

  /** Another window, or a job, wrote a newer revision. @param {Messages["label_changed"]} message */
  async changedElsewhere({ take, revision }) {
    const { store } = this;
    if (store && take === store.take && revision > store.said.revision) await this.reread();
  }

  /** Show what is saved, unless a change is under way, which brings it along. */
  async reread() {
    const { store } = this;
    if (!store || store.waiting) return;
    await store.reload().catch(complain);
    this.show();
  }

  /** The labeler runs, perhaps anew: then the page shows what is saved. */
  async labelerRuns() {
    const { store } = this;
    if (!store) return;
    await store.reload().catch(() => {});
    store.problem = "";
    this.panel.opened();
    this.show();
  }

  show() {
    const { take } = this;
    this.views.show(take, this.tick, this.panel.objects.chosen);
    for (const each of controls(this.element, ".transport button")) setDisabled(each, !take);
    this.panel.show();
    if (!take) return;
    this.timeline.show(take.detail, take.store.byFrame(), this.tick);
    setText(find(this.element, ".where"), `${this.tick + 1} of ${take.detail.ticks}`);
  }
}
