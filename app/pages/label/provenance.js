// Where a mask came from, and how sure it is, in words.

import { isEmpty, isHidden } from "../shared/masks.js";

/** @import { Mask } from "../shared/messages" */

/** @type {Record<string, string>} */
const SOURCES = {
  human: "clicked",
  propagated: "propagated",
  projected: "from the robot",
  model: "by the model",
};
const FOUND = 0.6; // an empty mask that is less sure is of something that was not found

/** "" where there is none. @param {Mask | undefined} mask
 * @param {boolean} provisional whether another one follows */
export function provenance(mask, provisional = false) {
  if (!mask) return "";
  const locked = mask.locked ? " · locked ◆" : "";
  if (isHidden(mask)) return ` · unseen, as somebody said${locked}`;
  if (mask.source === "drawn") return ` · drawn by hand${locked}`;
  const { origin } = mask;
  const found = origin && `found by ${origin.finder} as “${origin.words}”`;
  const source = found || (SOURCES[mask.source] ?? mask.source);
  return ` · ${source}${provisional ? ", provisional" : ""} · ${certainty(mask)}${locked}`;
}

/** How sure a mask is; an empty one is of something that is not in sight. @param {Mask} mask */
function certainty({ rle, confidence }) {
  if (isEmpty(rle)) return confidence < FOUND ? "not found here" : "not in view";
  return `${Math.round(100 * confidence)} % sure`;
}
