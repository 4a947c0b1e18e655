import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ToPlan {
  readonly document: string
  readonly labels: readonly string[]
  readonly percentage: number
}

/** What the process is told: first the supergraph, then what to plan, one document at a time. */
export type ToPlanner = { readonly supergraph: string } | ToPlan

/** What it answers: a plan as JSON, or why there is none. */
export type Planned = { readonly text: string } | { readonly reason: string }

/** First, that it can be asked. */
export type FromPlanner = { readonly isReady: true } | Planned

/** One process that plans. */
export interface PlannerChild {
  readonly pid: number | undefined
  /** Not before it is ready, and not before it answered what it was asked before. */
  ask(toPlan: ToPlan): void
  /** Whether this process waits for the other before it ends. */
  hold(isNeeded: boolean): void
  kill(): void
}

export interface PlannerChildEvents {
  onReady(): void
  onPlanned(planned: Planned): void
  /** After the last of its answers. Whether it ended by its own doing, or somebody or something ended it. */
  onEnded(isOwnDoing: boolean): void
}

const main = fileURLToPath(new URL('./planner-process-main.ts', import.meta.url))
/** A planner needs little of JavaScript's memory. */
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=256']

/** Starts a process; one that cannot be started ends. */
export function startPlanner(supergraph: string, events: PlannerChildEvents): PlannerChild {
  const child = tryToFork()
  if (!child) setImmediate(() => events.onEnded(false))
  child?.on('message', (message: FromPlanner) => {
    if ('isReady' in message) events.onReady()
    else events.onPlanned(message)
  })
  child?.on('error', () => events.onEnded(false))
  child?.on('close', (code, signal) => events.onEnded(isOwnDoing(code, signal)))
  tell(child, { supergraph })
  return {
    pid: child?.pid,
    ask: (toPlan) => tell(child, toPlan),
    hold(isNeeded) {
      const how = isNeeded ? 'ref' : 'unref'
      child?.[how]()
      child?.channel?.[how]()
    },
    kill: () => void child?.kill('SIGKILL'),
  }
}

function tryToFork(): ChildProcess | undefined {
  try {
    return fork(main, { execArgv: FLAGS, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  } catch {
    return undefined
  }
}

/** What a process that is ending does not hear, it does not answer: its end is what counts. */
function tell(child: ChildProcess | undefined, message: ToPlanner): void {
  child?.send(message, () => {})
}

/** What native code that is wrong ends with. Anything else comes from outside: an operator, or too little memory. */
const OWN_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
])

function isOwnDoing(code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal === null ? code !== 0 : OWN_SIGNALS.has(signal)
}
