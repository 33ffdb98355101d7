// The one WebSocket of this tab. It comes back by itself after the server was restarted.

import { logIn, sessionOver } from "./login.js";

/** @import { Messages } from "./messages" */

const RETRY_MS = [200, 400, 800, 1500];

/** A request that nobody answered as it was asked; ``reason`` is "away" where nobody knows what
 * became of it, "stale" where somebody else changed the same words. */
export class Unanswered extends Error {
  /** @param {string} message @param {string} reason */
  constructor(message, reason) {
    super(message);
    this.reason = reason;
  }
}

class Connection {
  constructor() {
    /** @type {Map<string, Set<(message: any) => void>>} */
    this.handlers = new Map(); // by message type, "frame" or "up"
    /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
    this.requests = new Map();
    /** @type {Map<string, {message: unknown, heard: number}>} */
    this.newest = new Map(); // message of each type since the hello, and when it came
    this.number = 0;
    this.attempt = 0;
    this.up = false;
    this.socket = this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.changed(true);
    socket.onclose = async () => {
      this.changed(false);
      if (await sessionOver()) await logIn();
      const wait = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
      setTimeout(() => {
        this.socket = this.open();
      }, wait);
    };
    socket.onmessage = (event) => this.receive(event.data);
    return socket;
  }

  /** @param {boolean} up */
  changed(up) {
    if (up) this.attempt = 0;
    if (this.up === up) return;
    this.up = up;
    if (!up) this.forget();
    this.tell("up", up);
  }

  forget() {
    const lost = new Unanswered("The connection was lost.", "away");
    for (const { reject } of this.requests.values()) reject(lost);
    this.requests.clear();
  }

  /** @param {ArrayBuffer | string} data */
  receive(data) {
    if (data instanceof ArrayBuffer) {
      this.tell("frame", data);
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "reply") {
      this.settle(message);
      return;
    }
    if (message.type === "hello") this.newest.clear();
    this.newest.set(message.type, { message, heard: performance.now() });
    this.tell(message.type, message);
  }

  /** @param {{id: number, ok: boolean, result: unknown, error: string, reason: string}} message */
  settle(message) {
    const request = this.requests.get(message.id);
    this.requests.delete(message.id);
    if (message.ok) request?.resolve(message.result);
    else if (request) request.reject(refusal(message));
    else console.warn(message.error);
  }

  /** @param {string} kind @param {unknown} message */
  tell(kind, message) {
    for (const handler of this.handlers.get(kind) ?? []) handler(message);
  }

  /**
   * @template {keyof Messages} K
   * @param {K} kind
   * @param {(message: Messages[K]) => void} handler
   */
  on(kind, handler) {
    const handlers = this.handlers.get(kind) ?? new Set();
    this.handlers.set(kind, handlers.add(handler));
  }

  /**
   * As ``on``, and what came last is told at once, with its age in seconds: for a page that wakes
   * after it came.
   * @template {keyof Messages} K
   * @param {K} kind
   * @param {(message: Messages[K], age?: number) => void} handler
   */
  follow(kind, handler) {
    this.on(kind, handler);
    const { message, heard = 0 } = this.newest.get(kind) ?? {};
    if (message) handler(/** @type {Messages[K]} */ (message), (performance.now() - heard) / 1000);
  }

  /** @param {string} type @param {object} fields */
  send(type, fields = {}) {
    if (this.up) this.socket.send(JSON.stringify({ type, ...fields }));
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  sendBytes(bytes) {
    if (this.up) this.socket.send(bytes);
  }

  /**
   * Send and wait for the answer; rejects with the server's words.
   * @param {string} type
   * @param {object} fields
   * @returns {Promise<any>}
   */
  ask(type, fields = {}) {
    if (!this.up) return Promise.reject(new Unanswered("Not connected to the server.", "away"));
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.requests.set(id, { resolve, reject });
      this.send(type, { id, ...fields });
    });
  }
}

/** @param {{error: string, reason: string}} message */
const refusal = ({ error, reason }) => (reason ? new Unanswered(error, reason) : new Error(error));

export const connection = new Connection();
