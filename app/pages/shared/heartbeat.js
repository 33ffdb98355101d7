// A worker's clock is not slowed down when its tab is in the background. It only wakes the
// page, which sends the heartbeat itself: a page that hangs falls silent.
setInterval(() => postMessage(0), 250);
