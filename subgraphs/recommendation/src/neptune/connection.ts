import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import { createGate } from './gate.ts'
import { graphFault } from './graph-fault.ts'
import { type Traversal, writeTraversal } from './gremlin-words.ts'
import { keepSocket } from './keep-socket.ts'
import type { Sign } from './sign.ts'
import type { GremlinSocket } from './socket.ts'

/** A graph database that speaks Gremlin: Neptune, or Gremlin Server. */
export interface GremlinConnection extends AsyncDisposable {
  /**
   * Runs a traversal as one transaction; resolves to all it answers, never to a part of it and never to nothing in place of
   * an answer. Throws faults of the kinds in graph-fault.ts. What failed may still have happened.
   */
  submit(traversal: Traversal): Promise<readonly unknown[]>
}

export interface ConnectionOptions {
  /** `wss://cluster.example:8182/gremlin` */
  readonly url: string
  /** Which graph of a server that has several. Default `g`, the only one of Neptune. */
  readonly source?: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** For Neptune with IAM: asked at every opening. Absent: nothing is signed. */
  readonly sign?: Sign
  /** For one call, its turn and the opening of a socket included. Default 10,000. */
  readonly callWithinMs?: number
  /** Default 5,000. */
  readonly openWithinMs?: number
  /** A socket is used for so long; Neptune ends those opened with IAM after ten days. Default nine days. */
  readonly maxAgeMs?: number
  /** A socket unused for so long is not used again; Neptune ends those after 20 to 25 minutes. Default 15 minutes. */
  readonly maxIdleMs?: number
  /** Calls under way at once. Default 32. */
  readonly atOnce?: number
  /** Calls that wait for their turn. Default 1,000. */
  readonly mostWaiting?: number
}

const MIME = 'application/vnd.gremlin-v3.0+json'

/** Opens nothing yet: the first call does, and every call after a break. */
export function connectGremlin(options: ConnectionOptions): GremlinConnection {
  const { source = 'g', clock, random, log, sign, callWithinMs = 10_000, openWithinMs = 5_000 } = options
  const { maxAgeMs = 9 * 86_400_000, maxIdleMs = 900_000, atOnce = 32, mostWaiting = 1_000 } = options
  const gate = createGate({ clock, atOnce, mostWaiting })
  const keeper = keepSocket({
    ...{ url: new URL(options.url), clock, random, log, maxAgeMs, maxIdleMs, openWithinMs },
    ...(sign && { sign }),
  })

  async function ask(socket: GremlinSocket, call: Call): Promise<readonly unknown[]> {
    const { requestId, frame, until } = call
    const sentAt = socket.heard
    const timer = clock.schedule(until, () => {
      socket.giveUp(requestId, graphFault('timed_out'))
      // Nothing at all came since: it may hang on a connection that is dead without knowing.
      if (socket.heard === sentAt) keeper.retire(socket)
    })
    try {
      return await socket.ask(requestId, frame)
    } finally {
      timer.cancel()
      keeper.settle()
    }
  }

  return {
    async submit(traversal) {
      const until = clock.now() + callWithinMs
      const leave = await gate.enter(until)
      try {
        const socket = await keeper.current()
        const leftMs = until - clock.now()
        if (leftMs <= 0) throw graphFault('timed_out')
        const requestId = random.uuid()
        const frame = frameOf({ traversal, requestId, leftMs, source })
        return await ask(socket, { requestId, until, frame })
      } finally {
        leave()
      }
    },
    [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose](),
  }
}

interface Call {
  readonly requestId: string
  readonly frame: Uint8Array<ArrayBuffer>
  readonly until: number
}

/** The mime type's length and name, then the request. The server stops when nobody waits any more. */
function frameOf(request: {
  readonly traversal: Traversal
  readonly requestId: string
  readonly leftMs: number
  readonly source: string
}): Uint8Array<ArrayBuffer> {
  const { traversal, requestId, leftMs, source } = request
  const text = JSON.stringify({
    requestId: { '@type': 'g:UUID', '@value': requestId },
    op: 'bytecode',
    processor: 'traversal',
    args: {
      gremlin: writeTraversal(traversal),
      aliases: { g: source },
      evaluationTimeout: leftMs,
      batchSize: ITEMS_A_FRAME,
    },
  })
  return Buffer.from(`${String.fromCharCode(MIME.length)}${MIME}${text}`)
}

const ITEMS_A_FRAME = 1_000
