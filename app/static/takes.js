// The list of takes, shared by all pages; read again whenever one was added or moved.

import { api } from "./api.js";
import { connection } from "./connection.js";
import { saying } from "./notice.js";
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
    const signature = JSON.stringify([state.phase === "review", state.kept?.map((take) => [take.id, take.success])]);
    if (this.signature !== undefined && this.signature !== signature) this.refresh();
    this.signature = signature;
  }

  async refresh() {
    if (this.reading) return (this.again = true);
    this.reading = true;
    const answer = await saying(() => api.get("/api/takes"));
    this.reading = false;
    if (answer) {
      this.all = answer.takes;
      for (const watcher of this.watchers) watcher();
    }
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
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
