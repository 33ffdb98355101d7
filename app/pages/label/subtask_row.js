// The row of sub-tasks below the timeline: a block for each, and a handle for each border.

import { find, make, setText, toggleClass } from "../shared/dom.js";
import { limits } from "./parts.js";

/** @import { Part } from "../shared/messages" */
/** @import { Timeline } from "./timeline.js" */
/** A border, and where it is while it is moved. @typedef {{from: number, at: number}} Border */
/**
 * @typedef {object} Shown
 * @property {Part[]} parts
 * @property {Part[]} said those of them that are saved
 * @property {boolean} suggested whether the others are a suggestion
 * @property {Border[]} borders
 * @property {number} ticks of the take
 * @property {number} tick that is looked at
 */
/**
 * @typedef {object} RowActions
 * @property {(tick: number) => void} seek
 * @property {(tick: number) => void} name
 * @property {(border: number, to: number) => void} move
 * @property {() => void} keep what was moved
 */

const NONE = "No sub-tasks yet: G suggests some, X begins one at this frame.";

export class SubtaskRow {
  /** @param {HTMLElement} element @param {Timeline} timeline @param {RowActions} actions */
  constructor(element, timeline, actions) {
    this.element = element;
    this.timeline = timeline;
    this.actions = actions;
    this.blocks = find(element, ".blocks");
    this.handles = find(element, ".handles");
    this.none = find(element, ".none");
    /** @type {Shown | null} */
    this.shown = null;
    this.blocks.addEventListener("pointerdown", (event) => this.point(event));
    this.blocks.addEventListener("dblclick", (event) => actions.name(this.tickAt(event)));
    new ResizeObserver(() => this.draw()).observe(element);
  }

  /** The border that the keyboard has led to. @returns {number | null} */
  get focused() {
    const at = document.activeElement;
    const handles = [...this.handles.children];
    return (at && this.shown?.borders[handles.indexOf(at)]?.from) ?? null;
  }

  /** @param {number} border */
  focus(border) {
    const at = this.shown?.borders.findIndex(({ from }) => from === border) ?? -1;
    const handle = this.handles.children[at];
    if (handle instanceof HTMLElement) handle.focus();
  }

  leave() {
    const at = document.activeElement;
    if (at instanceof HTMLElement && this.handles.contains(at)) at.blur();
  }

  /** @param {MouseEvent} event */
  tickAt({ clientX }) {
    return Math.floor(this.timeline.borderAt(clientX));
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (event.button === 0) this.actions.seek(this.tickAt(event));
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.draw();
  }

  draw() {
    const { shown, timeline } = this;
    if (!shown || !this.element.clientWidth) return;
    const { parts, borders } = shown;
    this.none.hidden = parts.length > 0;
    this.none.style.left = `${timeline.names}px`;
    setText(this.none, NONE);
    match(this.blocks, parts.length, () => make("div", { class: "block" }));
    match(this.handles, borders.length, () => this.handle());
    for (const [at, part] of parts.entries()) this.drawBlock(this.blocks.children[at], part, shown);
    for (const [at, border] of borders.entries()) {
      this.drawHandle(this.handles.children[at], border, shown);
    }
  }

  /** @param {Element} block @param {Part} part @param {Shown} shown */
  drawBlock(block, part, { said, suggested, tick }) {
    if (!(block instanceof HTMLElement)) return;
    const { start, end, text } = part;
    const left = this.timeline.edge(start);
    Object.assign(block.style, { left: `${left}px`, width: `${this.timeline.edge(end) - left}px` });
    setText(block, text || "unnamed");
    toggleClass(block, "unnamed", !text);
    toggleClass(block, "suggested", suggested && !said.includes(part));
    toggleClass(block, "current", start <= tick && tick < end);
    block.title = `${text || "unnamed"}: frames ${start + 1} to ${end}`;
  }

  /** @param {Element} handle @param {Border} border @param {Shown} shown */
  drawHandle(handle, { from, at }, { parts, ticks }) {
    if (!(handle instanceof HTMLElement)) return;
    handle.style.left = `${this.timeline.edge(at)}px`;
    const { least, most } = limits(parts, at, ticks);
    const values = { "aria-valuemin": least, "aria-valuemax": most, "aria-valuenow": at };
    for (const [name, value] of Object.entries(values)) handle.setAttribute(name, String(value));
    handle.dataset.border = String(from);
  }

  handle() {
    const handle = make("i", {
      role: "slider",
      tabindex: 0,
      "aria-label": "Border of a sub-task; the arrows move it, with Shift ten frames at once",
    });
    const border = () => Number(handle.dataset.border);
    handle.addEventListener("pointerdown", (event) => {
      if (event.button === 0) handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      this.actions.move(border(), Math.round(this.timeline.borderAt(event.clientX)));
    });
    handle.addEventListener("lostpointercapture", () => this.actions.keep());
    handle.addEventListener("blur", () => this.actions.keep());
    return handle;
  }
}

/** As many children as there are to be; those that stay keep the focus, and the pointer.
 * @param {HTMLElement} node @param {number} count @param {() => HTMLElement} build */
function match(node, count, build) {
  while (node.children.length < count) node.append(build());
  while (node.children.length > count) node.lastElementChild?.remove();
}
