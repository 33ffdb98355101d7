// The parts of a take with a sub-task of their own: what can be done to a list of them. Each function
// gives a new list in the order of time, or null where there is nothing to be done.

/** @import { Part } from "../shared/messages" */

/** @param {Part[]} parts @param {number} tick */
export const partAt = (parts, tick) =>
  parts.find(({ start, end }) => start <= tick && tick < end) ?? null;

/** Ticks at which a part begins or ends. @param {Part[]} parts */
export const borders = (parts) =>
  [...new Set(parts.flatMap(({ start, end }) => [start, end]))].sort((one, other) => one - other);

/** @param {Part[]} parts */
const inOrder = (parts) => [...parts].sort((one, other) => one.start - other.start);

/** What no part holds. @param {Part[]} parts @param {number} ticks of the take */
export function gaps(parts, ticks) {
  const edges = [0, ...parts.flatMap(({ start, end }) => [start, end]), ticks];
  /** @type {Part[]} */
  const found = [];
  for (let at = 0; at < edges.length; at += 2) {
    const [start, end] = edges.slice(at, at + 2);
    if (start < end) found.push({ start, end, text: "" });
  }
  return found;
}

/** The first one keeps the name. @param {Part} part @param {number[]} cuts */
function cutPart({ start, end, text }, cuts) {
  const starts = [start, ...cuts.filter((cut) => start < cut && cut < end)];
  return starts.map((each, index) => ({
    start: each,
    end: starts[index + 1] ?? end,
    text: index ? "" : text,
  }));
}

/** With parts between the cuts wherever there was none.
 * @param {Part[]} parts @param {number[]} cuts @param {number} ticks */
export const filled = (parts, cuts, ticks) =>
  inOrder([...parts, ...gaps(parts, ticks).flatMap((gap) => cutPart(gap, cuts))]);

/** A part becomes two; where there was none, what is free becomes one or two.
 * @param {Part[]} parts @param {number} tick @param {number} ticks */
export function split(parts, tick, ticks) {
  const part = partAt(parts, tick);
  const cut = part ?? partAt(gaps(parts, ticks), tick);
  if (!cut || part?.start === tick) return null;
  return inOrder([...parts.filter((each) => each !== part), ...cutPart(cut, [tick])]);
}

/** The part at a tick becomes one with the next; the last one with the one before it.
 * @param {Part[]} parts @param {number} tick */
export function merged(parts, tick) {
  const part = partAt(parts, tick);
  if (!part || parts.length < 2) return null;
  const at = parts.indexOf(part);
  const other = parts[at + 1] ?? parts[at - 1];
  const joined = {
    start: Math.min(part.start, other.start),
    end: Math.max(part.end, other.end),
    text: part.text || other.text,
  };
  return inOrder([...parts.filter((each) => each !== part && each !== other), joined]);
}

/** @param {Part[]} parts @param {number} tick */
export function removed(parts, tick) {
  const part = partAt(parts, tick);
  return part && parts.filter((each) => each !== part);
}

/** @param {Part[]} parts @param {number} start of which one @param {string} text */
export function named(parts, start, text) {
  if (!parts.some((each) => each.start === start && each.text !== text)) return null;
  return parts.map((each) => (each.start === start ? { ...each, text } : each));
}

/** From where to where a border can go: each part keeps a tick, and none overlaps another.
 * @param {Part[]} parts @param {number} border @param {number} ticks */
export function limits(parts, border, ticks) {
  const left = parts.find(({ end }) => end === border);
  const right = parts.find(({ start }) => start === border);
  const before = parts.filter(({ end }) => end <= border).map(({ end }) => end);
  const after = parts.filter(({ start }) => start >= border).map(({ start }) => start);
  return {
    least: left ? left.start + 1 : Math.max(0, ...before),
    most: right ? right.end - 1 : Math.min(ticks, ...after),
  };
}

/** A border goes elsewhere, as far as it can.
 * @param {Part[]} parts @param {number} from @param {number} to @param {number} ticks */
export function moved(parts, from, to, ticks) {
  const { least, most } = limits(parts, from, ticks);
  const at = Math.min(most, Math.max(least, to));
  if (at === from || !borders(parts).includes(from)) return null;
  /** @param {number} edge */
  const placed = (edge) => (edge === from ? at : edge);
  return parts.map(({ start, end, text }) => ({ start: placed(start), end: placed(end), text }));
}

/** Names for a part: first those that followed the same name in other takes, then all others.
 * @param {string[][]} lists of names, by take, those that count most first
 * @param {string} before name of the part before it; "" where there is none */
export function offers(lists, before) {
  const followed = lists.flatMap((names) =>
    names.filter((_, at) => (names[at - 1] ?? "") === before),
  );
  return [...new Set([...followed, ...lists.flat()])].filter(Boolean);
}
