// What the station said last, and whether this window drives it.

import { connection } from "./connection.js";
import { complain, notify } from "./notices.js";

class Station {
  constructor() {
    this.state = null;
    this.link = { running: false };
    this.window = null; // our own name
    this.heardAt = 0;
    this.telling = false; // whether listeners are about to be told
    this.wanted = true; // whether this window would drive if nobody else does
    this.listeners = new Set();
    connection.on("hello", (message) => this.greeted(message));
    connection.on("state", (message) => this.heard(message));
    connection.on("link", (message) => this.linked(message));
    connection.on("event", (message) => this.happened(message));
    connection.on("up", (up) => up || this.linked({ running: false, offline: true }));
    this.beat = new Worker(new URL("./heartbeat.js", import.meta.url));
    this.beat.onmessage = () => this.tick();
  }

  get driving() {
    return this.state?.driver !== undefined && this.state.driver === this.window;
  }

  /** Who drives instead of us: another window, another program, or nobody. */
  get otherDriver() {
    return this.driving ? null : (this.state?.lease?.client ?? null);
  }

  get phase() {
    return this.state?.phase ?? "away";
  }

  get live() {
    return this.state !== null && performance.now() - this.heardAt < 1500;
  }

  greeted(message) {
    this.window = message.window;
    this.simulated = message.simulated;
    this.linked(message.link);
  }

  heard(state) {
    this.state = state;
    this.heardAt = performance.now();
    this.tellSoon();
  }

  linked(link) {
    this.link = link;
    if (!link.running) this.state = null;
    this.tell();
  }

  happened(event) {
    if (["fault", "warning", "limit"].includes(event.kind)) notify(event.text, "amber");
    for (const listener of this.listeners) listener.event?.(event);
  }

  /** Once for all that is heard until the next drawing, or for a tenth of a second: a window
   * that cannot keep up skips what is old, and has time left for keys and heartbeats. */
  tellSoon() {
    if (this.telling) return;
    this.telling = true;
    const now = () => this.telling && this.tell();
    requestAnimationFrame(now);
    setTimeout(now, 100);
  }

  tell() {
    this.telling = false;
    for (const listener of this.listeners) listener.update?.();
  }

  tick() {
    if (this.driving) connection.send("beat");
    else if (this.wanted && this.live && !document.hidden && !this.state.lease) this.take(false);
    if (!this.live) this.tell();
  }

  /** Ask for control; quietly where nobody was asked to give it up. */
  async take(takeOver) {
    if (this.asking) return;
    this.asking = true;
    try {
      await connection.ask("control", { take_over: takeOver });
      this.wanted = true;
    } catch (error) {
      if (takeOver) complain(error);
    } finally {
      setTimeout(() => (this.asking = false), 500);
    }
  }

  /** Send a command to the station; says what went wrong and returns null where it did. */
  async command(name, fields = {}) {
    try {
      return await connection.ask("command", { name, fields });
    } catch (error) {
      complain(error);
      return null;
    }
  }

  stop() {
    return this.command("stop_robot");
  }
}

export const station = new Station();
