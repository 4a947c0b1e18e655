/** To the end of this turn of the event loop: what else waits, timers and requests, gets its chance first. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
