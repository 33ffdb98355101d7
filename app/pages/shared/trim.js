// Rest at the ends of a take: offered to be left out, and never left out by itself.

import { api } from "./api.js";
import { author } from "./author.js";
import { complain, notify } from "./notices.js";
import { takes } from "./takes.js";

/** @import { TakeDetail } from "./messages" */

/** @param {TakeDetail | null | undefined} detail */
export function restWords(detail) {
  const ends = [
    [detail?.rest_start_s, "at the start"],
    [detail?.rest_end_s, "at the end"],
  ];
  const said = ends.filter(([seconds]) => seconds);
  if (!said.length) return "";
  return `${said.map(([seconds, where]) => `${Number(seconds).toFixed(1)} s of rest ${where}`).join(", ")}: trim?`;
}

/** @typedef {{start: number, end: number}} TickSpan the end not included */
/** @typedef {"all" | "moving" | TickSpan} Counts */

const WORDS = {
  all: "All of the take counts.",
  moving: "Rest at the take's ends does not count.",
};

/** Nothing is removed from the file. @param {string} id @param {Counts} counts */
export async function letCount(id, counts) {
  /** @type {{before: Counts}} */
  let answer;
  try {
    answer = await api.post(`/api/takes/${id}/trim`, { author: author.name, counts });
  } catch (error) {
    complain(error);
    return;
  }
  await takes.refresh();
  const words = typeof counts === "string" ? WORDS[counts] : "What lies outside does not count.";
  notify(words, "", () => letCount(id, answer.before));
}
