// Who else is at which take: whoever changed something there in another window, not long ago.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { day, sentence } from "../shared/format.js";
import { notify } from "../shared/notices.js";
import { takes } from "../shared/takes.js";

/** @import { Person } from "../shared/messages" */
/** @typedef {{name: string, take: string, windows: string[], since: string}} AtWork */

class Presence {
  constructor() {
    /** @type {AtWork[]} */
    this.people = [];
    this.window = "";
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    connection.follow("hello", ({ window }) => (this.window = window));
    connection.follow("label_presence", ({ people }, age = 0) => this.hear(people, age));
  }

  /** @param {Person[]} people @param {number} age seconds */
  hear(people, age) {
    const now = Date.now() / 1000;
    this.people = people.map(({ author: name, since_s, ...at }) => ({
      ...at,
      name,
      since: day(now - age - since_s),
    }));
    for (const watcher of this.watchers) watcher();
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
  }

  /** Whoever has this window's name is one person with it. @param {string} take */
  others(take) {
    const { name: own } = author;
    return this.people.filter(
      (each) =>
        each.take === take && !each.windows.includes(this.window) && (!own || each.name !== own),
    );
  }

  /** Their names, with a verb; "" where nobody else is there. @param {string} take */
  names(take) {
    const names = [...new Set(this.others(take).map(({ name }) => name || "somebody"))];
    if (!names.length) return "";
    return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"}`;
  }

  /** @param {string} take */
  words(take) {
    const names = this.names(take);
    return names && sentence(`${names} at this`);
  }

  /** Who is there, and since when; "" where nobody else is. @param {string} take */
  since(take) {
    const each = this.others(take).map(({ name, since }) => `${name || "somebody"} since ${since}`);
    return each.length ? `At this: ${each.join(", ")}` : "";
  }

  /** Of some takes, the first that nobody else is at; where there is none, that is said.
   * @template {{id: string, number: number}} T @param {T[]} list @returns {T | undefined} */
  free(list) {
    const first = list.find(({ id }) => !this.others(id).length);
    if (!first && list.length) {
      const all = list.map(({ id, number }) => `${this.names(id)} at take ${number}`).join(", ");
      notify(
        `Somebody works on all that is left: ${all}. A click on its row opens it all the same.`,
      );
    }
    return first;
  }

  /** Say who is at a take that is opened. @param {string} take */
  greet(take) {
    const names = this.names(take);
    if (names)
      notify(
        sentence(
          `${names} at take ${takes.find(take)?.number ?? ""}, too. What each of you changes is kept.`,
        ),
      );
  }

  /** This window shows a take no longer. What is under way there is a change of its own, still.
   * @param {{take: string, last: Promise<unknown>} | null} store */
  leave(store) {
    store?.last.then(() => connection.send("leave_take", { take: store.take }));
  }
}

export const presence = new Presence();
