// Which part of the chosen take counts: marked at the frame that is shown, and drawn below it.

import { api } from "../shared/api.js";
import { button, find, setDisabled, setText } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { splitTake } from "../shared/split.js";
import { letCount } from "../shared/trim.js";

/** @import { Player } from "../shared/playback.js" */
/** @import { TickSpan } from "../shared/trim.js" */

export class CountedPart {
  /** @param {HTMLElement} page
   * @param {Player} player */
  constructor(page, player) {
    this.element = find(page, ".counting");
    this.player = player;
    /** @type {TickSpan | null} */
    this.span = null;
    const { element } = this;
    bindButton("data", button(element, ".from"), () => this.mark(startingAt));
    bindButton("data", button(element, ".to"), () => this.mark(endingAt));
    bindButton("data", button(element, ".split"), () => this.split());
  }

  async split() {
    const { detail, tick } = this.player;
    if (detail) await splitTake(detail.id, tick);
  }

  /** @param {typeof startingAt} how */
  async mark(how) {
    const { detail, tick } = this.player;
    if (!detail || !this.span) return;
    const span = how(this.span, tick, detail.ticks);
    await letCount(detail.id, whole(span, detail.ticks) ? "all" : span);
  }

  /** What counts of the take that is shown. */
  async look() {
    const { detail } = this.player;
    const span = detail && (await api.get(`/api/takes/${detail.id}/trim`).catch(() => null));
    if (this.player.detail !== detail) return;
    this.span = span;
    this.show();
  }

  show() {
    const { detail } = this.player;
    const { span } = this;
    const known = Boolean(detail && span && detail.ticks);
    for (const node of this.element.querySelectorAll("button")) setDisabled(node, !known);
    const drawn = find(this.element, "i");
    drawn.hidden = !known;
    setText(find(this.element, "output"), "");
    if (!detail || !span || !known) return;
    const { ticks, rate_hz } = detail;
    drawn.style.marginLeft = `${(100 * span.start) / ticks}%`;
    drawn.style.width = `${(100 * (span.end - span.start)) / ticks}%`;
    setText(find(this.element, "output"), words(span, ticks, rate_hz));
  }
}

/** An end that would lie before it goes to the take's. @param {TickSpan} span
 * @param {number} tick
 * @param {number} ticks
 * @returns {TickSpan} */
const startingAt = ({ end }, tick, ticks) => ({ start: tick, end: end > tick ? end : ticks });

/** @type {typeof startingAt} */
const endingAt = ({ start }, tick) => ({ start: start <= tick ? start : 0, end: tick + 1 });

/** @param {TickSpan} span @param {number} ticks */
const whole = (span, ticks) => span.start === 0 && span.end === ticks;

/** @param {TickSpan} span @param {number} ticks @param {number} rateHz */
function words(span, ticks, rateHz) {
  if (whole(span, ticks)) return "all counts";
  const [start, end] = [span.start, span.end].map((tick) => (tick / rateHz).toFixed(1));
  return `${start} to ${end} s count`;
}
