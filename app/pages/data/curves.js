// What was measured and asked for along the chosen take, as curves with a cursor; below them who
// decided, and which sub-task was done.

import { api } from "../shared/api.js";
import { canvas, colour, crisp, find, make, select, setText } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { LabelPatch, Part, TakeDetail } from "../shared/messages" */
/** @import { Player } from "../shared/playback.js" */
/** @typedef {{joints_deg: number[][], hand_mm: number[][], asked_mm: number[][],
 * applied_mm: number[][]}} Signals */
/** @typedef {{name: string, values: number[], index: number, dashed?: boolean}} Curve */

const LANE = 12; // CSS pixels, of who decided and of sub-tasks
const PAD = 4;
const AXES = ["x", "y", "z"];
const DECIDERS = ["nobody", "a person", "script", "policy", "by hand"];
const KEYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 });

export class TakeCurves {
  /** @param {HTMLElement} page @param {Player} player */
  constructor(page, player) {
    const element = find(page, ".curves");
    this.element = element;
    this.player = player;
    this.sheet = canvas(element, "canvas");
    this.which = select(element, ".which-curves");
    /** @type {Signals | null} */
    this.signals = null;
    /** @type {Part[]} */
    this.parts = [];
    this.tick = 0;
    this.which.addEventListener("change", () => this.show());
    this.sheet.addEventListener("pointerdown", (event) => this.point(event));
    this.sheet.addEventListener("pointermove", (event) => event.buttons && this.point(event));
    this.sheet.addEventListener("keydown", (event) => this.step(event));
    new ResizeObserver(() => this.draw()).observe(this.sheet);
    window.addEventListener("appearance", () => this.draw());
    player.sought = (tick) => {
      this.tick = tick;
      this.draw();
    };
  }

  /** Of the take that is played. */
  async look() {
    const { detail } = this.player;
    this.signals = null;
    this.parts = [];
    this.show();
    if (!detail) return;
    const [signals, said] = await Promise.all([
      api.get(`/api/takes/${detail.id}/signals`).catch(() => null),
      /** @type {Promise<LabelPatch>} */ (api.get(`/api/labels/${detail.id}`)).catch(() => null),
    ]);
    if (this.player.detail !== detail) return;
    this.signals = signals;
    this.parts = said?.segments?.filter(({ text }) => text) ?? [];
    this.show();
  }

  /** @param {PointerEvent} event */
  point({ offsetX }) {
    const { detail } = this.player;
    if (!detail) return;
    this.player.toggle(false);
    const share = Math.min(1, Math.max(0, offsetX / this.sheet.clientWidth));
    this.player.seek(Math.round(share * (detail.ticks - 1)));
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    this.player.step(KEYS[event.key]);
  }

  /** @returns {Curve[]} */
  get curves() {
    const { detail } = this.player;
    if (!detail) return [];
    const { signals } = this;
    /** @param {number[][]} rows @param {string} how they are, where they are dashed */
    const three = (rows, how = "") =>
      rows.map((values, index) => {
        return { name: `${AXES[index]} ${how}`.trim(), values, index, dashed: how !== "" };
      });
    switch (this.which.value) {
      case "joints":
        return (signals?.joints_deg ?? []).map((values, index) => ({
          name: String(index + 1),
          values,
          index,
        }));
      case "hand":
        return signals ? [...three(signals.hand_mm), ...three(signals.applied_mm, "applied")] : [];
      case "asked":
        return signals ? [...three(signals.applied_mm), ...three(signals.asked_mm, "asked")] : [];
      default:
        return measured(detail);
    }
  }

  show() {
    const { curves } = this;
    const dashed = curves.find((curve) => curve.dashed);
    const named = curves.filter((curve) => !curve.dashed);
    const entries = named.map(({ name, index }) => {
      const mark = make("i", {});
      mark.style.borderTopColor = css(index);
      return make("li", {}, mark, name);
    });
    if (dashed) {
      const [, how] = dashed.name.split(" ");
      entries.push(make("li", {}, make("i", { class: "dashed" }), how));
    }
    find(this.element, ".legend").replaceChildren(...entries);
    this.draw();
  }

  draw() {
    const { sheet } = this;
    if (!sheet.clientWidth) return;
    const context = crisp(sheet);
    const { detail } = this.player;
    if (!detail || detail.ticks < 2) return;
    sheet.setAttribute("aria-valuemax", String(detail.ticks - 1));
    sheet.setAttribute("aria-valuenow", String(this.tick));
    const words = this.words(detail);
    sheet.setAttribute("aria-valuetext", words);
    setText(find(this.element, "output"), words);
    const { curves } = this;
    for (const range of new Set(curves.map(rangeOf))) {
      this.drawGroup(
        context,
        curves.filter((curve) => rangeOf(curve) === range),
      );
    }
    this.drawLanes(context, detail);
    context.strokeStyle = colour("text");
    context.lineWidth = 1;
    const x = this.x(this.tick);
    line(context, [
      [x, 0],
      [x, sheet.clientHeight],
    ]);
  }

  /** @param {TakeDetail} detail */
  words(detail) {
    const part = this.parts.find(({ start, end }) => start <= this.tick && this.tick < end);
    const at = `${(this.tick / detail.rate_hz).toFixed(1)} s`;
    const who = DECIDERS[detail.decided_by[this.tick] ?? 0];
    return [at, `decided by ${who}`, part?.text].filter(Boolean).join(", ");
  }

  /** @param {number} tick */
  x(tick) {
    return (tick / Math.max(1, (this.player.detail?.ticks ?? 1) - 1)) * this.sheet.clientWidth;
  }

  /** Curves of one range. @param {CanvasRenderingContext2D} context @param {Curve[]} curves */
  drawGroup(context, curves) {
    const all = curves.flatMap(({ values }) => values);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const height = this.sheet.clientHeight - 2 * LANE - 2 * PAD;
    const scale = height / Math.max(1e-6, high - low);
    for (const { values, index, dashed } of curves) {
      context.strokeStyle = css(index);
      context.lineWidth = 1.5;
      context.setLineDash(dashed ? [4, 3] : []);
      line(
        context,
        values.map((value, tick) => [this.x(tick), PAD + height - (value - low) * scale]),
      );
    }
    context.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} context @param {TakeDetail} detail */
  drawLanes(context, { decided_by }) {
    const top = this.sheet.clientHeight - 2 * LANE;
    decided_by.forEach((who, tick) => {
      context.fillStyle = who ? css(who) : colour("sunk");
      context.fillRect(this.x(tick), top, this.x(1) + 1, LANE - 3);
    });
    context.font = "10px system-ui, sans-serif";
    context.textBaseline = "middle";
    this.parts.forEach(({ start, end, text }, index) => {
      const left = this.x(start);
      const width = this.x(end) - left - 1;
      context.fillStyle = css(index);
      context.fillRect(left, top + LANE, width, LANE - 1);
      context.fillStyle = "#000";
      context.fillText(text, left + 3, top + LANE * 1.5, Math.max(1, width - 4));
    });
  }
}

/** @param {TakeDetail} detail @returns {Curve[]} */
function measured({ gripper_width_m, speed_m_s }) {
  const speed = { name: "speed", values: speed_m_s, index: 0 };
  if (!gripper_width_m) return [speed];
  return [{ name: "gripper", values: gripper_width_m, index: 1 }, speed];
}

/** Those of one are drawn to the same scale. @param {Curve} curve */
function rangeOf({ name }) {
  if (name === "gripper" || name === "speed") return name;
  const [axis] = name.split(" ");
  return AXES.includes(axis) ? axis : "joints";
}

/** @param {CanvasRenderingContext2D} context @param {number[][]} points */
function line(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
