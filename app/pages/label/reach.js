// Whether anybody answers who could label: the server, and behind it the labeler's process.

import { connection } from "../shared/connection.js";

/** @import { LabelerState } from "../shared/messages" */

const OFFLINE =
  "No connection to the server. Words that you type are kept in this window and saved when it is back.";

class Reach {
  constructor() {
    this.running = true; // until somebody says otherwise
    this.message = "";
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    connection.follow("hello", ({ labeler }) => this.hear(labeler));
    connection.follow("labeler", (state) => this.hear(state));
    connection.on("up", () => this.tell());
  }

  get ok() {
    return connection.up && this.running;
  }

  get offline() {
    return !connection.up;
  }

  /** Why nobody answers; "" where somebody does. */
  get words() {
    if (this.ok) return "";
    return this.offline ? OFFLINE : this.message;
  }

  /** @param {LabelerState} state */
  hear({ running, message }) {
    Object.assign(this, { running, message });
    this.tell();
  }

  tell() {
    for (const watcher of this.watchers) watcher();
  }

  /** @param {() => void} watcher told at once, and at each change */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }

  /** Resolves as soon as somebody answers. @returns {Promise<void>} */
  wait() {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.ok) return;
        this.watchers.delete(look);
        resolve();
      };
      this.watch(look);
    });
  }
}

export const reach = new Reach();
