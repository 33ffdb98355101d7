// What a robot's Desk can be asked for from here: its joints unlocked and FCI on, or the other way.

import { notify } from "./notices.js";
import { station } from "./station.js";

/** @param {"prepare_robot" | "park_robot"} name */
export async function askDesk(name) {
  const done = await station.command(name);
  if (done) notify(done.text);
}
