// Which keys are held. A keyup can be lost to a menu, to a shortcut of the system, to another
// window: a key counts as held only while something shows that it is.

const UNHEARD_MS = 3000; // until a key first repeats, or where another one repeats instead
const SHORTEST_MS = 400; // a page that is busy hears late
const REPEATS = 3; // that may be missing
const LOOK_MS = 100;

/** Names of the keys that are held. @type {Set<string>} */
export const held = new Set();
/** Their names by their place: a name may change while the key is down. @type {Map<string, string>} */
const places = new Map();
/** @type {Set<(held: Set<string>) => void>} */
const watchers = new Set();
/** @type {Set<() => void>} */
const lapsed = new Set();
/** The key that was heard last, when, and how long it may now be silent. */
const heard = { place: "", at: 0, for: UNHEARD_MS };
let timer = 0;
let lookedAt = 0;

/** @type {Set<() => void>} */
const releases = new Set();

/** Called with the set of held keys whenever it changes; or not any more.
 * @param {(held: Set<string>) => void} watcher */
export function onHeld(watcher, on = true) {
  if (on) watchers.add(watcher);
  else watchers.delete(watcher);
}

/** Called where all that is held is to be let go, whatever holds it.
 * @param {() => void} watcher */
export const onRelease = (watcher) => releases.add(watcher);

/** Called where keys were let go because nothing was heard of them.
 * @param {() => void} watcher */
export const onLapse = (watcher) => lapsed.add(watcher);

/** @param {KeyboardEvent} event */
const placeOf = (event) => event.code || event.key;

/** A key went down, or says that it still is. One that was let go here stays so until it is
 * pressed anew. @param {KeyboardEvent} event @param {string} name */
export function press(event, name) {
  const place = placeOf(event);
  note(place, event.timeStamp, event.repeat);
  if (event.repeat || places.has(place)) return;
  places.set(place, name);
  watch();
  tell();
}

/** @param {KeyboardEvent} event */
export function lift(event) {
  note("", event.timeStamp, false);
  if (places.delete(placeOf(event))) tell();
}

export function release() {
  if (places.size) {
    places.clear();
    tell();
  }
  for (const watcher of releases) watcher();
}

function tell() {
  held.clear();
  for (const name of places.values()) held.add(name);
  for (const watcher of watchers) watcher(held);
}

/** A keyboard repeats the key that was pressed last, at its own pace.
 * @param {string} place @param {number} at @param {boolean} repeats */
function note(place, at, repeats) {
  const pace = repeats && place === heard.place ? at - heard.at : Infinity;
  heard.for = Math.min(UNHEARD_MS, Math.max(SHORTEST_MS, REPEATS * pace));
  heard.place = place;
  heard.at = at;
}

function watch() {
  if (timer) return;
  lookedAt = performance.now();
  timer = setInterval(look, LOOK_MS);
}

function look() {
  const now = performance.now();
  const wasBusy = now - lookedAt > 2 * LOOK_MS; // then what was typed is heard only now
  lookedAt = now;
  if (!places.size) {
    clearInterval(timer);
    timer = 0;
  } else if (!wasBusy && now - heard.at > heard.for) lapse();
}

function lapse() {
  release();
  for (const watcher of lapsed) watcher();
}

/** @param {Event} event */
function releaseWhereCommanded(event) {
  const { altKey, ctrlKey, metaKey } = /** @type {KeyboardEvent | PointerEvent} */ (event);
  if (metaKey || (event instanceof KeyboardEvent && (altKey || ctrlKey))) release();
}

// Each of these may be followed by a keyup that nobody here hears.
const LOSSES =
  "blur contextmenu lostpointercapture pointercancel dragstart compositionstart pagehide freeze beforeprint fullscreenchange visibilitychange";
for (const name of LOSSES.split(" ")) {
  addEventListener(name, release, { capture: name !== "blur" }); // of the window, not of a field
}
for (const name of ["keydown", "keyup", "pointerdown", "pointermove", "wheel"]) {
  addEventListener(name, releaseWhereCommanded, { capture: true, passive: true });
}
