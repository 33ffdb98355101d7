// What a job does, in words: also while nothing of it can be seen yet.

import { duration, percent } from "./format.js";

/** @import { Job } from "./messages" */

/** @param {Job} job */
export const isRunning = ({ state }) => state === "queued" || state === "running";

/** @param {Job} job */
export function stateOf(job) {
  if (job.stopping) return "stopping";
  return isRunning(job) && job.stage ? `${job.state} · ${job.stage}` : job.state;
}

/** What it is about to do, or what came of it. @param {Job} job */
export function messageOf(job) {
  if (job.stopping) return "It stops as soon as it can put its things down.";
  if (job.state === "cancelled") return keptOf(job);
  if (job.message) return job.message;
  return job.state === "queued" ? "starting its process" : "";
}

/** What came of a job that was cancelled. @param {Job} job */
function keptOf({ result }) {
  if (result.stopped) return "What it had learned by then is an adapter.";
  return result.adapter ? "Its adapter is there; it was not tried to the end." : "";
}

/** How long it will take, or has taken where nobody knows. @param {Job} job */
export function timeOf(job) {
  if (!isRunning(job) || job.stopping) return "";
  if (job.eta_s !== null) return `${duration(job.eta_s)} left`;
  const since = job.state === "running" ? job.started : job.created;
  return since === null ? "" : `${duration(Math.max(0, Date.now() / 1000 - since))} so far`;
}

/** @param {Job} job */
export const shareOf = (job) => [percent(job.progress), timeOf(job)].filter(Boolean).join(" · ");

/** A bar that moves while nobody knows how far it is.
 * @param {HTMLProgressElement} bar
 * @param {Job} job */
export function showProgress(bar, job) {
  if (isRunning(job) && job.progress === 0) bar.removeAttribute("value");
  else bar.value = job.progress;
}

/** The layouts that a policy was tried on. @param {{verb?: string, split?: string}} scenes */
export function scenesOf({ verb, split }) {
  if (!verb) return "";
  return `${verb}, ${split === "novel" ? "new" : "known"} to the base`;
}
