// Plain requests to our own routes; a refusal becomes an Error in the server's words.

import { logIn } from "./login.js";

/** A request that was refused; ``field`` names what was wrong, as in "cameras.front.width". */
export class Refused extends Error {
  /** @param {string} message @param {string} field @param {number} status of the answer */
  constructor(message, field, status) {
    super(message);
    this.field = field;
    this.status = status;
  }
}

/** As fetch, which says of a server that is away only that it failed.
 * @param {string} path @param {RequestInit} wish */
async function answered(path, wish) {
  try {
    return await fetch(path, wish);
  } catch {
    throw new Error("The server does not answer. See that teachloop runs, then try again.");
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function call(method, path, body) {
  const response = await answered(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) {
    await logIn();
    return call(method, path, body);
  }
  const json = response.headers.get("content-type")?.includes("json");
  const answer = json ? await response.json() : {};
  if (!response.ok) {
    throw new Refused(
      answer.error ?? `The server answered ${response.status}.`,
      answer.field ?? "",
      response.status,
    );
  }
  return answer;
}

export const api = {
  /** @param {string} path @returns {Promise<any>} */
  get: (path) => call("GET", path),
  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  post: (path, body = {}) => call("POST", path, body),
  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  put: (path, body) => call("PUT", path, body),
  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  patch: (path, body) => call("PATCH", path, body),
  /** @param {string} path @returns {Promise<any>} */
  remove: (path) => call("DELETE", path),
};
