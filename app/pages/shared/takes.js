// The list of takes, shared by all pages; read again whenever one was added or moved.

import { api } from "./api.js";
import { connection } from "./connection.js";
import { saying } from "./notices.js";
import { station } from "./station.js";

/** @import { State, TakeRow } from "./messages" */

class Takes {
  constructor() {
    /** @type {TakeRow[]} */
    this.all = []; // newest first
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    /** @type {Promise<void> | null} */
    this.reading = null;
    this.again = false;
    /** @type {string | undefined} */
    this.signature = undefined;
    connection.on("takes", () => this.refresh());
    connection.on("hello", () => this.refresh());
    station.listeners.add(() => this.follow(station.state));
  }

  /** A take that was kept, discarded or marked changes what the station lists.
   * @param {State | null} state */
  follow(state) {
    if (!state) return;
    const kept = state.kept.map((take) => [take.id, take.success, take.partly]);
    const signature = JSON.stringify([state.phase === "review", kept]);
    if (this.signature !== undefined && this.signature !== signature) this.refresh();
    this.signature = signature;
  }

  /** Read the list; whoever asks while it is being read gets a newer one still. */
  refresh() {
    if (this.reading) this.again = true;
    else this.reading = this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  async read() {
    do {
      this.again = false;
      const answer = await saying(() => api.get("/api/takes"));
      if (!answer) return;
      this.all = answer.takes;
      for (const watcher of this.watchers) watcher();
    } while (this.again);
  }

  /** @param {string | null | undefined} id */
  find(id) {
    return this.all.find((take) => take.id === id);
  }

  /** Why a job left takes out, by their ids. @param {Record<string, string>} reasons */
  leftOut(reasons) {
    return Object.entries(reasons).map(
      ([id, reason]) => `Take ${this.find(id)?.number ?? id}: ${reason}`,
    );
  }

  get kept() {
    return this.all.filter((take) => !take.deleted);
  }

  get summary() {
    const seconds = this.kept.reduce((sum, take) => sum + take.duration_s, 0);
    return this.kept.length ? `${this.kept.length} · ${(seconds / 60).toFixed(1)} min` : "";
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }
}

export const takes = new Takes();
