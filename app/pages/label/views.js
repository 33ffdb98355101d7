// The pictures of a take, one for each camera, with what is said of the frames they show.

import { showFigures } from "../shared/figures.js";
import { onHeld } from "../shared/held.js";
import { bind } from "../shared/keys.js";
import { camerasOf } from "../shared/playback.js";
import { takes } from "../shared/takes.js";
import { choiceAt } from "./choices.js";
import { reach } from "./reach.js";
import { Stage } from "./stage.js";

/** @import { TakeDetail } from "../shared/messages" */
/** @import { Pictures } from "../shared/playback.js" */
/** @import { Actions, Item, Picture } from "./stage.js" */
/** @import { LabelStore } from "./store.js" */
/** A take that is open. @typedef {{detail: TakeDetail, store: LabelStore, pictures: Pictures}} Opened */

const AHEAD = 16;
const FIGURE = {
  tabindex: "0",
  role: "application",
  "aria-label":
    "Click on the object, right click on what is not part of it. By keyboard: the arrows move a " +
    "cross, with Shift ten pixels at once; Enter clicks there, with Shift it says that it is not part " +
    "of it.",
};
/** @type {[key: string, right: number, down: number][]} */
const ARROWS = [
  ["ArrowLeft", -1, 0],
  ["ArrowRight", 1, 0],
  ["ArrowUp", 0, -1],
  ["ArrowDown", 0, 1],
];
const FAST = 10;

export class Views {
  /** @param {HTMLElement} element @param {Actions} actions */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    /** @type {Stage[]} */
    this.stages = [];
    /** @type {Opened | null} */
    this.take = null;
    this.tick = 0;
    /** @type {string | null} */
    this.chosen = null;
    /** The one that the pointer or the keyboard was at last. @type {Stage | null} */
    this.last = null;
    this.bindCross();
    this.bindHand();
  }

  /** The one that a key is about. */
  get stage() {
    return this.last ?? this.stages[0];
  }

  /** The camera that a key is about. */
  get pointed() {
    return this.stage?.camera;
  }

  /** The click that a key is about. */
  get click() {
    return this.stage?.pointed ?? null;
  }

  /** The picture that the keyboard has led to. */
  get focused() {
    return this.stages.find((stage) => stage.focused);
  }

  bindCross() {
    const here = () => Boolean(this.take && reach.ok && this.focused);
    for (const [key, right, down] of ARROWS) {
      /** @param {KeyboardEvent | MouseEvent} [event] */
      const move = (event) => {
        const by = event?.shiftKey ? FAST : 1;
        this.focused?.cross.move(by * right, by * down);
      };
      bind("label", key, move, here, true);
    }
    this.bindPolygon();
    bind("label", "Enter", (event) => this.focused?.cross.press(!event?.shiftKey), here);
  }

  /** Enter closes a polygon that the pointer draws; the keyboard's cross sets corners with it. */
  bindPolygon() {
    const hand = () =>
      [this.stage, ...this.stages].map((stage) => stage?.hand).find((each) => each?.draft);
    const drafting = () => Boolean(reach.ok && hand());
    /** @param {KeyboardEvent | MouseEvent} [event] */
    const close = (event) => hand()?.draft?.close(!event?.shiftKey);
    bind("label", "Enter", close, () => drafting() && !this.focused);
    bind("label", "Backspace", () => hand()?.back(), drafting);
    bind("label", "Escape", () => hand()?.drop(), drafting);
  }

  /** While Space is held over a picture, the pointer moves it. */
  bindHand() {
    const over = () => this.stages.some(({ held }) => held.at) && !onControl();
    bind("label", " ", null, over);
    onHeld(() => {
      for (const stage of this.stages) stage.look();
    });
  }

  get cameras() {
    return this.stages.map(({ camera }) => camera);
  }

  /** @param {Opened | null} take @param {number} tick @param {string | null} chosen an object */
  show(take, tick, chosen) {
    const other = take?.store.take !== this.take?.store.take;
    Object.assign(this, { take, tick, chosen });
    showFigures(this.element, take ? camerasOf(take.detail) : [], FIGURE, (figures) => {
      this.stages = figures.map((figure) => this.stageOf(figure));
      this.last = null;
    });
    for (const stage of other ? this.stages : []) stage.opened();
    for (const stage of this.stages) stage.veil(take ? waiting() : nothingChosen());
    for (const stage of take ? this.stages : []) this.showStage(stage);
  }

  /** @param {HTMLElement} figure */
  stageOf(figure) {
    const stage = new Stage(figure, this.actions);
    for (const name of ["pointerenter", "focus"]) {
      figure.addEventListener(name, () => (this.last = stage));
    }
    return stage;
  }

  /** @param {Stage} stage */
  async showStage(stage) {
    const { take, tick } = this;
    const { camera } = stage;
    const frames = take?.detail.frame_index[camera];
    const frame = frames?.[tick];
    if (!take || !frames || frame === undefined) return;
    take.pictures.ahead(camera, frames.slice(tick + 1, tick + 1 + AHEAD));
    const picture = await take.pictures.get(camera, frame).catch(() => null);
    if (this.tick !== tick || this.take !== take) return;
    stage.show(picture, this.scene(take.store, camera, frame));
  }

  /** @param {LabelStore} store @param {string} camera @param {number} frame @returns {Picture} */
  scene(store, camera, frame) {
    const names = store.said.objects.map((object) => object.name);
    /** @type {Item[]} */
    const items = [];
    names.forEach((name, index) => {
      const mask = store.mask(camera, frame, name);
      const provisional = store.isProvisional(camera, frame, name);
      if (mask) items.push({ mask, index, chosen: name === this.chosen, provisional });
    });
    const prompts = store
      .promptsAt(camera, frame)
      .filter(({ kind }) => kind === "point" || kind === "box")
      .map((prompt) => ({ ...prompt, index: names.indexOf(prompt.object) }));
    const choice = choiceAt(store.choice, camera, frame, this.chosen);
    const offered = this.actions.finding.at(camera, frame);
    const index = names.indexOf(this.chosen ?? "");
    const chosenIndex = index < 0 ? names.length : index; // a click or a stroke names one
    const wanted = this.actions.display.onion && this.chosen;
    const earlier = wanted ? store.drawnBefore(camera, frame, wanted) : null;
    const before = earlier && { rle: earlier.rle, index };
    const suggested = this.actions.suggestions.at(camera, frame);
    const looked = this.actions.finding.words(camera, frame);
    const caption = `${camera} ${frame}`;
    return {
      frame,
      items,
      prompts,
      before,
      choice,
      suggested,
      offered,
      looked,
      chosenIndex,
      caption,
    };
  }
}

function waiting() {
  if (reach.ok) return "";
  return `No clicks now: ${reach.offline ? "the server is away" : "the labeler does not run"}.`;
}

function nothingChosen() {
  return takes.kept.length ? "Choose a take on the left." : "No takes yet. Record one first.";
}

/** Whether Space presses something. */
function onControl() {
  return Boolean(document.activeElement?.matches("button, a, summary, input"));
}
