import { hash } from 'node:crypto'
import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'

/** What is known of documents that went wrong in the process that plans. */
export interface Blame {
  /** Why a document is not planned now. */
  refusal(document: string): Fault | undefined
  /** The planner ended its process over it: it is not planned again. */
  condemn(document: string): Fault
  /** It took too long, or its process was ended from outside: nobody knows whether that is its fault. */
  doubt(document: string): Fault
}

/** So many documents of either kind are remembered. */
const MOST = 1_000
/** After the second failure in a row it has to wait, so that one document cannot keep the process from the others. */
const PATIENT_FAILURES = 2
const WAIT_MS = 60_000

export function createBlame(clock: Clock): Blame {
  const condemned = new Map<string, true>()
  const doubted = new Map<string, Doubt>()
  return {
    refusal(document) {
      if (condemned.size + doubted.size === 0) return undefined
      const name = hash('sha256', document)
      if (condemned.has(name)) return gone()
      return (doubted.get(name)?.until ?? 0) > clock.now() ? late() : undefined
    },
    condemn(document) {
      keep(condemned, hash('sha256', document), true)
      return gone()
    },
    doubt(document) {
      const name = hash('sha256', document)
      const failures = (doubted.get(name)?.failures ?? 0) + 1
      keep(doubted, name, { failures, until: failures < PATIENT_FAILURES ? 0 : clock.now() + WAIT_MS })
      return late()
    },
  }
}

interface Doubt {
  readonly failures: number
  /** Until then it is not planned. */
  readonly until: number
}

function keep<Value>(known: Map<string, Value>, name: string, value: Value): void {
  known.delete(name)
  const [oldest] = known.keys()
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
  known.set(name, value)
}

function late(): Fault {
  return new Fault('DEADLINE_EXCEEDED', 'No plan was found in time. Try again.')
}

function gone(): Fault {
  return new Fault('INTERNAL', 'The planner ended its process over this document. Report it.')
}
