// The one WebSocket of this tab. It comes back by itself after the server was restarted.

const RETRY_MS = [200, 400, 800, 1500];

class Connection {
  constructor() {
    this.handlers = new Map(); // message type, "frame", "mask" or "up" -> Set of functions
    this.requests = new Map(); // number -> {resolve, reject}
    this.number = 0;
    this.attempt = 0;
    this.up = false;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.changed(true);
    this.socket.onclose = () => {
      this.changed(false);
      const wait = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
      setTimeout(() => this.open(), wait);
    };
    this.socket.onmessage = (event) => this.receive(event.data);
  }

  changed(up) {
    if (up) this.attempt = 0;
    if (this.up === up) return;
    this.up = up;
    if (!up) this.forget();
    this.tell("up", up);
  }

  forget() {
    for (const { reject } of this.requests.values()) reject(new Error("The connection was lost."));
    this.requests.clear();
  }

  receive(data) {
    if (data instanceof ArrayBuffer) {
      this.tell(new Uint8Array(data)[0] === 1 ? "frame" : "mask", data);
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "reply") this.settle(message);
    else this.tell(message.type, message);
  }

  settle(message) {
    const request = this.requests.get(message.id);
    this.requests.delete(message.id);
    if (message.ok) request?.resolve(message.result);
    else if (request) request.reject(new Error(message.error));
    else console.warn(message.error);
  }

  tell(kind, message) {
    for (const handler of this.handlers.get(kind) ?? []) handler(message);
  }

  /** Returns the function that takes the handler off again. */
  on(kind, handler) {
    if (!this.handlers.has(kind)) this.handlers.set(kind, new Set());
    this.handlers.get(kind).add(handler);
    return () => this.handlers.get(kind).delete(handler);
  }

  send(type, fields = {}) {
    if (this.up) this.socket.send(JSON.stringify({ type, ...fields }));
  }

  sendBytes(bytes) {
    if (this.up) this.socket.send(bytes);
  }

  /** Send and wait for the answer; rejects with the server's words. */
  ask(type, fields = {}) {
    if (!this.up) return Promise.reject(new Error("Not connected to the server."));
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.requests.set(id, { resolve, reject });
      this.send(type, { id, ...fields });
    });
  }
}

export const connection = new Connection();
