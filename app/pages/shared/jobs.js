// The job list, kept up to date by the server.

import { connection } from "./connection.js";

/** @import { Job } from "./messages" */

class Jobs {
  constructor() {
    /** @type {Job[]} */
    this.all = [];
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    connection.on("jobs", (message) => {
      this.all = message.jobs;
      for (const watcher of this.watchers) watcher();
    });
  }

  get running() {
    return this.all.filter((job) => job.state === "running" || job.state === "queued");
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }
}

export const jobs = new Jobs();
