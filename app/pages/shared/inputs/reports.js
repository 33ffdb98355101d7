// What a 3Dconnexion device reports, as the station reads it: numbers of 16 bits, little endian;
// ±350 is as far as its cap goes. Report 1 is the translation, report 2 the rotation; newer models
// send all six numbers in report 1. Report 3 has a bit for each button.

/** @import { Triple } from "./input" */
/**
 * @typedef {object} Cap
 * @property {Triple} translation
 * @property {Triple} rotation
 * @property {number} buttons a bit for each
 * @property {boolean} apart whether rotation comes in reports of its own
 */

const FULL_SCALE = 350;
const TRANSLATION = 1;
const ROTATION = 2;
const BUTTONS = 3;
const THREE_BYTES = 6;
const SIX_BYTES = 12;

/** @type {Cap} */
export const LET_GO = { translation: [0, 0, 0], rotation: [0, 0, 0], buttons: 0, apart: false };

/** Whether a report is about the cap. @param {number} id */
export const ofCap = (id) => id === TRANSLATION || id === ROTATION;

/** How it is held after a report. What says nothing of cap or buttons, and what is cut short,
 * changes nothing. @param {Cap} before @param {number} id @param {DataView} data @returns {Cap} */
export function heard(before, id, data) {
  if (id === BUTTONS && data.byteLength) return { ...before, buttons: bitsOf(data) };
  if (!ofCap(id) || data.byteLength < THREE_BYTES) return before;
  const first = shares(data, 0);
  if (id === ROTATION) return { ...before, rotation: first, apart: true };
  const both = data.byteLength >= SIX_BYTES && !before.apart;
  const rotation = both ? shares(data, THREE_BYTES) : before.rotation;
  return { ...before, translation: first, rotation };
}

/** The first two buttons are in the first byte. @param {DataView} data */
const bitsOf = (data) => data.getUint8(0);

/** @param {DataView} data @param {number} from @returns {Triple} */
function shares(data, from) {
  /** @param {number} place */
  const share = (place) => {
    const number = data.getInt16(from + 2 * place, true) / FULL_SCALE;
    return Math.max(-1, Math.min(1, number));
  };
  return [share(0), share(1), share(2)];
}
