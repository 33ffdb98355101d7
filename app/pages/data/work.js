// Who labelled a take, how long that took, and how far two people agree.

import { api } from "../shared/api.js";
import { counted } from "../shared/counted.js";
import { duration } from "../shared/format.js";

/** @import { LabelStatistics } from "../shared/messages" */

/** @param {string} take @returns {Promise<[term: string, text: string][]>} */
export async function workOn(take) {
  /** @type {LabelStatistics} */
  const { work, agreement, compared } = await api.get(`/api/labels/${take}/statistics`);
  const shares = work.map(
    ({ author, seconds, changes }) =>
      `${author || "somebody"} ${duration(seconds)}, ${counted(changes, "change")}`,
  );
  const pairs = `${counted(compared, "mask")} of two people`;
  return [
    ["Labelled by", shares.join("; ")],
    ["Agreement", agreement === null ? "" : `IoU ${agreement.toFixed(2)} on ${pairs}`],
  ];
}
