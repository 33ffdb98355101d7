// The list of takes, shared by all pages; read again whenever one was added or moved.

import { api } from "./api.js";
import { connection } from "./connection.js";
import { saying } from "./notices.js";
import { station } from "./station.js";

class Takes {
  constructor() {
    this.all = []; // newest first
    this.watchers = new Set();
    connection.on("takes", () => this.refresh());
    connection.on("hello", () => this.refresh());
    station.listeners.add({ update: () => this.follow(station.state) });
  }

  /** A take that was kept, discarded or marked changes what the station lists. */
  follow(state) {
    if (!state) return;
    const signature = JSON.stringify([
      state.phase === "review",
      state.kept?.map((take) => [take.id, take.success]),
    ]);
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

  find(id) {
    return this.all.find((take) => take.id === id);
  }

  get kept() {
    return this.all.filter((take) => !take.deleted);
  }

  get summary() {
    const seconds = this.kept.reduce((sum, take) => sum + take.duration_s, 0);
    return this.kept.length ? `${this.kept.length} · ${(seconds / 60).toFixed(1)} min` : "";
  }

  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }
}

export const takes = new Takes();
