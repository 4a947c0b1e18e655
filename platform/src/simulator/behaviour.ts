import { z } from 'zod'
import { Fault } from '../fault.ts'
import type { Random } from '../random.ts'

/** How a simulated vendor misbehaves; `losing-replies` does the work and then cuts the connection. */
export type Behaviour =
  | { readonly mode: 'normal' | 'dead' }
  | ({ readonly mode: 'slow'; readonly ms: number } & Draw)
  | ({ readonly mode: 'failing'; readonly status: number } & Draw)
  | ({ readonly mode: 'losing-replies' | 'duplicating' } & Draw)
  | { readonly mode: 'reordering'; readonly ms: number }

interface Draw {
  /** Which part of the requests, 1 = all. */
  readonly share: number
  /** Only the next n requests, then normal again. */
  readonly next?: number | undefined
}

/** As an admin call writes it; what may be left out has a default. */
export type BehaviourInput =
  | { readonly mode: 'normal' | 'dead' }
  | ({ readonly mode: 'slow'; readonly ms: number } & Partial<Draw>)
  | ({ readonly mode: 'failing'; readonly status?: number } & Partial<Draw>)
  | ({ readonly mode: 'losing-replies' | 'duplicating' } & Partial<Draw>)
  | { readonly mode: 'reordering'; readonly ms?: number }

const draw = {
  share: z.number().gt(0).max(1).default(1),
  next: z.int().min(1).max(1_000_000).optional(),
}
const schema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.enum(['normal', 'dead']) }),
  z.strictObject({ mode: z.literal('slow'), ms: z.int().min(1).max(600_000), ...draw }),
  z.strictObject({ mode: z.literal('failing'), status: z.int().min(400).max(599).default(503), ...draw }),
  z.strictObject({ mode: z.enum(['losing-replies', 'duplicating']), ...draw }),
  z.strictObject({ mode: z.literal('reordering'), ms: z.int().min(1).max(60_000).default(50) }),
])
const MODES = 'normal, slow, failing, losing-replies, duplicating, reordering, dead'

/** Remembers the behaviour and says for each request what applies to it. */
export interface BehaviourSwitch {
  /** Throws BAD_REQUEST when the behaviour makes no sense. */
  readonly behave: (input: BehaviourInput) => void
  readonly current: () => Behaviour
  /** What this one request meets; counts down `next`, throws the dice for `share`. */
  readonly draw: () => Behaviour
  /** Runs `run` now, or once the simulator is no longer dead. */
  readonly whenAlive: (run: () => void) => void
}

const NORMAL: Behaviour = { mode: 'normal' }

export function createBehaviourSwitch(random: Random): BehaviourSwitch {
  const waiting: (() => void)[] = []
  let current: Behaviour = NORMAL
  return {
    behave(input) {
      current = parseBehaviour(input)
      if (current.mode !== 'dead') for (const run of waiting.splice(0)) run()
    },
    current: () => current,
    draw() {
      const drawn = current
      if (!('share' in drawn)) return drawn
      if (random.next() >= drawn.share) return NORMAL
      if (drawn.next !== undefined) current = drawn.next > 1 ? { ...drawn, next: drawn.next - 1 } : NORMAL
      return drawn
    },
    whenAlive: (run) => void (current.mode === 'dead' ? waiting.push(run) : run()),
  }
}

/** Reads what an admin call asks for; throws BAD_REQUEST with the modes there are. */
export function parseBehaviour(input: unknown): Behaviour {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const example = `Expected a behaviour such as {"mode": "slow", "ms": 500}; modes: ${MODES}.`
  throw new Fault('BAD_REQUEST', `${example} ${z.prettifyError(parsed.error)}`)
}
