// One take becomes two, at a tick; the way back takes it out of the bin, and puts the two in.

import { api } from "./api.js";
import { author } from "./author.js";
import { notify, saying } from "./notices.js";
import { during } from "./pending.js";
import { takes } from "./takes.js";

/** @param {string} id @param {number} tick */
export async function splitTake(id, tick) {
  const split = () => api.post(`/api/takes/${id}/split`, { author: author.name, tick });
  /** @type {{takes: string[]} | undefined} */
  const answer = await saying(() => during("splitting the take", split()));
  if (!answer) return;
  await takes.refresh();
  const [before, after] = answer.takes.map((part) => takes.find(part)?.number);
  const words = `Takes ${before} and ${after} are its parts; the whole is in the bin.`;
  notify(words, "", () => saying(() => join(id, answer.takes)));
}

/** @param {string} id @param {string[]} parts */
async function join(id, parts) {
  await api.post(`/api/takes/${id}/restore`, { author: author.name });
  for (const part of parts) await api.post(`/api/takes/${part}/bin`, { author: author.name });
  await takes.refresh();
  notify("The take is whole again; its parts are in the bin.");
}
