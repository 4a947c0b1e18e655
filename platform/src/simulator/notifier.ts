import type { Pool } from 'undici'
import type { Clock, Timer } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Log } from '../log.ts'
import { SIGNATURE_HEADER, signWebhook } from '../webhook-signature.ts'
import type { BehaviourSwitch } from './behaviour.ts'
import { createHolder } from './holder.ts'

/** Where a vendor sends its notices. */
export interface WebhookTarget {
  readonly url: string
  readonly secret: string
}

export interface NotifierParts {
  readonly clock: Clock
  readonly log: Log
  readonly behaviour: BehaviourSwitch
}

export interface Notice {
  readonly id: string
  readonly body: JsonObject
  /** Told when the other side answered 2xx; once for each time it was sent. */
  readonly acknowledged: () => void
}

/** A vendor's own persistence: it repeats a notice until somebody acknowledges it. */
export interface Notifier extends AsyncDisposable {
  /** From now on notices go here; those that waited for an address set off. */
  connect(target: WebhookTarget): void
  send(notice: Notice): void
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 60_000
/** About three hours at the longest pause. */
const MAX_TRIES = 200
const TIMEOUT_MS = 10_000

export function createNotifier(parts: NotifierParts): Notifier {
  const { clock, log, behaviour } = parts
  const holder = createHolder(clock)
  const timers = new Set<Timer>()
  const homeless: (() => void)[] = []
  let target: WebhookTarget | undefined
  let opening: Promise<Pool> | undefined
  let closed = false

  async function post(to: WebhookTarget, body: JsonObject): Promise<boolean> {
    const text = JSON.stringify(body)
    opening ??= openPool(to)
    const pool = await opening
    const headers = {
      'content-type': 'application/json',
      [SIGNATURE_HEADER]: signWebhook(text, to.secret, clock.now()),
    }
    const url = new URL(to.url)
    const answer = await pool.request({
      method: 'POST',
      path: url.pathname + url.search,
      headers,
      body: text,
    })
    await answer.body.dump()
    return answer.statusCode >= 200 && answer.statusCode < 300
  }

  async function deliver(notice: Notice, attempt: number): Promise<void> {
    if (closed) return
    if (!target) return void homeless.push(() => start(notice, attempt))
    const accepted = await post(target, notice.body).catch((reason: unknown) => {
      log.debug({ notice: notice.id, attempt, reason: String(reason) }, 'notice not delivered')
      return false
    })
    if (accepted) return notice.acknowledged()
    if (attempt >= MAX_TRIES) return log.warn({ notice: notice.id, attempt }, 'notice given up')
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
    const timer = clock.schedule(clock.now() + pause, () => {
      timers.delete(timer)
      start(notice, attempt + 1)
    })
    timers.add(timer)
  }

  function start(notice: Notice, attempt: number): void {
    behaviour.whenAlive(() => void deliver(notice, attempt))
  }

  return {
    connect(to) {
      target = to
      for (const send of homeless.splice(0)) send()
    },
    send(notice) {
      const drawn = behaviour.current()
      if (drawn.mode === 'reordering') return void holder.hold(drawn.ms).then(() => start(notice, 1))
      start(notice, 1)
      if (drawn.mode === 'duplicating') start(notice, 1)
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
      for (const timer of timers) timer.cancel()
      await (await opening)?.destroy()
    },
  }
}

async function openPool(to: WebhookTarget): Promise<Pool> {
  const undici = await import('undici')
  const wait = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS }
  return new undici.Pool(new URL(to.url).origin, { connections: 8, ...wait })
}
