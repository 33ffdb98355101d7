// A take that is gone along again by the arm, while another one is recorded.

import { api } from "./api.js";
import { confirmed } from "./dialogs.js";
import { notify } from "./notices.js";
import { station } from "./station.js";
import { openTab } from "./tabs.js";
import { takes } from "./takes.js";

/** @import { ReplayCheck } from "./messages" */

const HERE_M = 0.01;

/** @param {string} id */
const called = (id) => {
  const number = takes.find(id)?.number;
  return number ? `take ${number}` : "the take";
};

/** A simulated scene is set up by the station, a real one by whoever is there.
 * @param {string} id */
async function sceneStands(id) {
  if (station.state?.scene) return true;
  const how = `Put everything back where it was when ${called(id)} began, and step back.`;
  const then = "The arm goes slowly to its beginning first. Space stops it at any time.";
  return confirmed("Is the scene as it was?", `${how} ${then}`, "Replay", "Not yet");
}

/** @param {string} id */
export async function replay(id) {
  if (!(await sceneStands(id))) return;
  openTab("record");
  const begun = await station.command("replay", { take: id });
  if (!begun || begun.away_m < HERE_M) return;
  const away = `${Math.round(100 * begun.away_m)} cm`;
  notify(`The arm is ${away} from where ${called(id)} begins. It goes there slowly first.`);
}

/** How near a take came to the one that it went along; "" of one that did not.
 * @param {string} id */
export async function replayCheck(id) {
  /** @type {ReplayCheck | null} */
  const check = await api.get(`/api/takes/${id}/replay`);
  if (!check) return "";
  const { position_mm, rotation_deg, near, of } = check;
  const apart = `${position_mm.toFixed(1)} mm and ${rotation_deg.toFixed(1)}°`;
  return near
    ? `Within ${apart} of ${called(of)}.`
    : `Up to ${apart} away from ${called(of)}: look at it before you keep it.`;
}
