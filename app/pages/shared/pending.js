// A word for whatever takes longer than half a second.

const PATIENCE_MS = 500;

/** What is waited for, the newest last. @type {Map<Promise<unknown>, string>} */
const waits = new Map();
/** @type {Set<() => void>} */
const watchers = new Set();

/** What this window waits for; "" for nothing. */
export const waitsFor = () => [...waits.values()].at(-1) ?? "";

/** Called whenever that changes. @param {() => void} watcher */
export const onWait = (watcher) => watchers.add(watcher);

/**
 * Say what is being done, once it takes its time.
 * @template T
 * @param {string} words
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export function during(words, work) {
  const timer = setTimeout(() => change(() => waits.set(work, words)), PATIENCE_MS);
  const over = () => {
    clearTimeout(timer);
    if (waits.has(work)) change(() => waits.delete(work));
  };
  work.then(over, over);
  return work;
}

/** @param {() => unknown} how */
function change(how) {
  how();
  for (const watcher of watchers) watcher();
}
