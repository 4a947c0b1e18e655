import { setTimeout as wait } from 'node:timers/promises'

/** Waits until `check` holds; a wait without end would hide what is missing. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 30_000,
): Promise<void> {
  for (const until = performance.now() + withinMs; performance.now() < until; ) {
    if (await check()) return
    await wait(20)
  }
  throw new Error(`Waited ${withinMs} ms in vain for ${what}.`)
}
