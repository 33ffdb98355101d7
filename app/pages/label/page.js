// Label: click on the object, let the mask spread over the take, put right what is unsure.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { button, canvas, find } from "../shared/dom.js";
import { bind } from "../shared/keys.js";
import { complain, notify } from "../shared/notices.js";
import { openTake, Pictures } from "../shared/playback.js";
import { onOpen, takeWish } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";
import { Ahead } from "./ahead.js";
import { Batch } from "./batch.js";
import { Consistency } from "./consistency.js";
import { Damage } from "./damage.js";
import { Display } from "./display.js";
import { Finding } from "./finding.js";
import { Labeler } from "./labeler.js";
import { LabelPanel } from "./panel.js";
import { presence } from "./presence.js";
import { Prompting } from "./prompting.js";
import { LabelQueue } from "./queue.js";
import { reach } from "./reach.js";
import { recall, recalled } from "./recall.js";
import { LabelStore, readLabels } from "./store.js";
import { Subtasks } from "./subtasks.js";
import { Suggestions } from "./suggestions.js";
import { Timeline } from "./timeline.js";
import { Tools } from "./tools.js";
import { Transport } from "./transport.js";
import { Unsure } from "./unsure.js";
import { Views } from "./views.js";

/** @import { Choice, LabelProgress, Messages } from "../shared/messages" */
/** @import { MakeFields } from "./store.js" */
/** @import { Opened } from "./views.js" */

/** @param {HTMLElement} element */
export function mount(element) {
  return new LabelPage(element);
}

class LabelPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Opened | null} */
    this.take = null;
    /** @type {string | null} */
    this.opening = null;
    /** The one that was asked for last. @type {string | null} */
    this.wanted = null;
    this.prompting = new Prompting(this);
    this.ahead = new Ahead(this);
    this.finding = new Finding(this, button(element, ".panel .find"));
    this.suggestions = new Suggestions(this);
    Object.assign(element, { latencies: this.prompting.latencies }); // for who measures
    this.transport = new Transport(find(element, ".transport"), {
      detail: () => this.take?.detail,
      moved: () => this.show(),
      leastSure: () => this.leastSure(),
    });
    this.timeline = new Timeline(canvas(element, ".track"), (tick) => this.seek(tick));
    this.tools = new Tools(find(element, ".toolbar"), () => this.show());
    this.display = new Display(find(element, ".toolbar"), () => this.show());
    this.views = new Views(find(element, ".views"), {
      click: (place, x, y, positive) => this.prompting.click(place, x, y, positive),
      box: (place, corners) => this.prompting.box(place, corners),
      move: (click, to) => this.prompting.move(click, to),
      stroke: (place, stroke) => this.prompting.stroke(place, stroke),
      polygon: (place, polygon) => this.prompting.polygon(place, polygon),
      tools: this.tools,
      display: this.display,
      suggestions: this.suggestions,
      finding: this.finding,
    });
    this.subtasks = new Subtasks(this, element, this.timeline);
    this.unsure = new Unsure();
    this.panel = new LabelPanel(this, find(element, ".panel"));
    this.queue = new LabelQueue(find(element, ".queue"), (id) => this.open(id));
    this.consistency = new Consistency(find(element, ".queue"), (id) => this.open(id));
    this.damage = new Damage(find(element, ".damaged"), (id) => this.open(id));
    this.labeler = new Labeler(
      find(element, ".panel"),
      () => this.labelerChanged(),
      () => this.panel.show(),
    );
    this.batch = new Batch(find(element, ".batch"), this.labeler, () => this.reread());
    this.bindKeys();
    window.addEventListener("beforeunload", (event) => {
      const { unsaved, drafts } = this.panel;
      if (LabelStore.underWay || unsaved || drafts) event.preventDefault();
    });
    connection.on("label_progress", (message) => this.progressed(message));
    connection.on("label_changed", (message) => this.changedElsewhere(message));
    takes.watch(() => this.queue.show(this.store?.take));
    presence.watch(() => this.panel.show());
    onOpen(
      "label",
      element,
      () => this.shown(),
      () => presence.leave(this.store),
    );
    this.show();
  }

  get store() {
    return this.take?.store ?? null;
  }

  get tick() {
    return this.transport.tick;
  }

  /** Of the objects. */
  get names() {
    return this.store?.said.objects.map(({ name }) => name) ?? [];
  }

  /** @param {string} action @param {object | MakeFields} fields */
  act(action, fields = {}) {
    this.subtasks.border.keep();
    return this.store?.act(action, fields) ?? Promise.resolve(null);
  }

  bindKeys() {
    this.transport.bind();
    this.tools.bind(this.views);
    this.display.bind();
    bind("label", "[", () => this.queue.move(-1));
    bind("label", "]", () => this.queue.move(1));
    const { objects } = this.panel;
    bind("label", "o", () => objects.next());
    bind("label", "r", () => objects.rename(objects.chosen));
    bind("label", "c", () => objects.call(objects.chosen));
  }

  async shown() {
    const { wanted } = this;
    await takes.refresh();
    if (this.wanted !== wanted) return; // somebody chose one meanwhile
    const { opening, store } = this;
    const before = takes.kept.find(({ id }) => id === recalled().take)?.id;
    const id = takeWish("label").take ?? opening ?? store?.take ?? before ?? this.queue.first();
    if (id && id !== this.store?.take) await this.open(id);
  }

  /** @param {string} id */
  async open(id) {
    if (id === this.store?.take || id === this.opening) return;
    this.transport.play(false);
    this.subtasks.border.keep();
    this.wanted = this.opening = id;
    try {
      const [detail, labels] = await Promise.all([openTake(id), readLabels(id)]);
      if (this.opening !== id) return;
      this.take?.pictures.close();
      presence.leave(this.store);
      const store = new LabelStore(id, labels, () => this.show());
      this.take = { detail, store, pictures: new Pictures(id) };
      this.opened(id);
    } catch (error) {
      if (!this.damage.tells(id, error)) complain(error);
    }
    if (this.opening === id) this.opening = null;
    this.queue.show(this.store?.take);
  }

  /** Where this window left it, after a reload. @param {string} id */
  opened(id) {
    const { take, tick = 0, object } = recalled();
    this.damage.hide();
    presence.greet(id);
    this.unsure.restart();
    this.panel.opened();
    this.subtasks.opened();
    this.suggestions.forget();
    this.finding.forget();
    if (take === id && object) this.panel.objects.picked = object;
    this.seek(take === id ? tick : 0);
  }

  /** @param {number} tick */
  seek(tick) {
    this.transport.seek(tick);
  }

  /** @param {string} camera @returns {number | undefined} */
  frameOf(camera, tick = this.tick) {
    return this.take?.detail.frame_index[camera]?.[tick];
  }

  leastSure() {
    const { detail, store } = this.take ?? {};
    const tick = store && detail && this.unsure.next(store.byFrame(), detail.frame_index);
    if (tick !== undefined) this.seek(tick);
    else notify("No frame is unsure: each is drawn or locked, or there is no mask yet.");
  }

  /** @param {LabelProgress} message */
  async progressed(message) {
    const { store } = this;
    if (!store || message.take !== store.take) return;
    const own = message.author === author.name; // whose the steps are that it tells
    if (message.patch) await (own ? store.absorb(message.patch) : store.reload()).catch(complain);
    if (message.state === "done") this.unsure.restart();
    this.panel.progressed(message);
    this.show();
  }

  /** Another window, or a job, wrote a newer revision; or a mask followed one that stood in.
   * @param {Messages["label_changed"]} message */
  async changedElsewhere({ take, revision, choice }) {
    const { store } = this;
    if (!store || take !== store.take) return;
    const { revision: shown, provisional } = store.said;
    if (revision > shown || (provisional.length && revision === shown)) {
      await this.reread(choice);
    }
  }

  /** Show what is saved, unless a change is under way, which brings it along.
   * @param {Choice | null} [choice] */
  async reread(choice = null) {
    const { store } = this;
    if (!store || store.waiting) return;
    await store.reload().catch(complain);
    store.choice = choice;
    this.show();
  }

  /** The labeler runs, perhaps anew: then the page shows what is saved. */
  async labelerChanged() {
    const { store } = this;
    this.show();
    if (reach.ok && store) await store.reload().catch(() => {});
    else if (reach.ok && this.element.offsetParent) await this.shown();
    if (reach.ok) this.panel.follow();
    this.show();
  }

  show() {
    const { take } = this;
    this.views.show(take, this.tick, this.panel.objects.chosen);
    this.transport.show();
    this.tools.show(take !== null && reach.ok);
    this.panel.show();
    this.finding.show();
    if (take) this.timeline.show(take.detail, take.store.byFrame(), this.names, this.tick);
    this.subtasks.show();
    this.ahead.follow();
    if (!take) return;
    recall({ take: take.store.take, tick: this.tick, object: this.panel.objects.picked });
  }
}
