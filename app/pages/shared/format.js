// Numbers and times as people read them.

/** @param {number} seconds */
export function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes).padStart(2, "0")}:${(seconds - 60 * minutes).toFixed(1).padStart(4, "0")}`;
}

/** @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** With a capital. @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {number} fraction */
export const percent = (fraction) => `${Math.round(100 * fraction)} %`;

/** @param {number} count */
export function bytes(count) {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  while (count >= 1000 && unit < 3) [count, unit] = [count / 1000, unit + 1];
  return `${count.toFixed(unit === 3 ? 2 : 0)} ${units[unit]}`;
}

/** @param {number} secondsSinceEpoch */
export function day(secondsSinceEpoch) {
  const date = new Date(1000 * secondsSinceEpoch);
  const today = new Date().toDateString() === date.toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const time = { hour: "2-digit", minute: "2-digit" };
  return date.toLocaleString([], today ? time : { day: "numeric", month: "short", ...time });
}

/**
 * 95 % interval of a success rate (Wilson 1927).
 * @param {number} successes
 * @param {number} count
 * @returns {[number, number]}
 */
export function wilson(successes, count) {
  if (!count) return [0, 1];
  const z = 1.96;
  const rate = successes / count;
  const centre = rate + (z * z) / (2 * count);
  const spread = z * Math.sqrt((rate * (1 - rate)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [(centre - spread) / scale, (centre + spread) / scale];
}
