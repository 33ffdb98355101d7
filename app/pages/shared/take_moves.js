// Keeping, discarding, binning and restoring a take: each says what it did, and offers the way back
// before the list shows it, so that whoever sees it can undo it.

import { api } from "./api.js";
import { author } from "./author.js";
import { complain, notify } from "./notices.js";
import { station } from "./station.js";
import { takes } from "./takes.js";

/** @typedef {"keep" | "discard" | "undo" | "restore"} Move what the station does with a take */
/** @typedef {"bin" | "restore"} Shift what is done with one that lies there */

/** @type {Record<Move | Shift, string>} */
const DONE = {
  keep: "is kept",
  discard: "is in the bin",
  undo: "is in the bin",
  bin: "is in the bin",
  restore: "is back",
};
/** @type {Record<Move, Move>} */
const BACK = { keep: "undo", discard: "restore", undo: "restore", restore: "undo" };

/** @param {string} id @param {Move | Shift} how */
function words(id, how) {
  const number = takes.find(id)?.number;
  return `${number ? `Take ${number}` : "The take"} ${DONE[how]}.`;
}

/**
 * Let the station decide on a take of this session; without one, on the take that it reviews.
 * @param {Move} how
 * @param {{take?: string, next?: object}} fields
 */
export async function move(how, fields = {}) {
  const id = (await station.command(how, fields))?.take;
  if (!id) return;
  if (!takes.find(id)) await takes.refresh();
  notify(words(id, how), "", () => move(BACK[how], { take: id }));
  await takes.refresh();
}

/** Put any take in the bin, or take it out. @param {string} id @param {Shift} how */
export async function shift(id, how) {
  try {
    await api.post(`/api/takes/${id}/${how}`, { author: author.name });
  } catch (error) {
    return complain(error);
  }
  notify(words(id, how), "", () => shift(id, how === "bin" ? "restore" : "bin"));
  await takes.refresh();
}

/** The take that Undo last would put in the bin: this session kept it, and it is not there yet. */
export function undoable() {
  const kept = station.state?.undoable ?? [];
  return kept.filter((id) => !takes.find(id)?.deleted).at(-1);
}
