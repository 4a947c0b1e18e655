import { parseArgs } from 'node:util'
import { type Contestant, contestants } from './contestants.ts'
import type { QueryName } from './graph.ts'

export interface BenchOptions {
  readonly contestants: readonly Contestant[]
  readonly queries: readonly QueryName[]
  readonly rounds: number
  readonly seconds: number
  readonly warmSeconds: number
  readonly connections: number
  /** A minute of the heavy query before memory is read, instead of the rounds alone. */
  readonly memory: boolean
  readonly profile: boolean
  /** Whether the report's files are written: only when everybody took part in full rounds. */
  readonly report: boolean
}

export const helpText: string = `Usage: npm run bench:gateway -- [options]

  --quick          one round of 3 s instead of three of 5 s
  --rounds N       so many rounds
  --seconds N      so long each
  --only A,B       only these: ${contestants.map(({ id }) => id).join(', ')}
  --query NAME     only heavy, or only small
  --connections N  requests under way at any time (default 50)
  --memory         each gateway under the heavy query for 60 s, then its memory
  --profile        our gateway alone under the CPU profiler; prints where its time goes
`

/** Throws with a sentence for the person who typed. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      query: { type: 'string' },
      connections: { type: 'string' },
      memory: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const { quick, memory, profile } = values
  const chosen = chooseContestants(values.only ?? (profile ? 'ours' : undefined))
  return {
    contestants: chosen,
    queries: chooseQueries(values.query),
    rounds: positive('rounds', values.rounds, quick ? 1 : 3),
    seconds: positive('seconds', values.seconds, quick ? 3 : 5),
    warmSeconds: quick ? 2 : 3,
    connections: positive('connections', values.connections, 50),
    memory,
    profile,
    report: !quick && !profile && values.only === undefined && values.query === undefined,
  }
}

function chooseContestants(only: string | undefined): readonly Contestant[] {
  if (only === undefined) return contestants
  return only.split(',').map((id) => {
    const found = contestants.find((contestant) => contestant.id === id)
    if (found) return found
    throw new Error(
      `--only: there is no gateway ${id}. Known: ${contestants.map((each) => each.id).join(', ')}.`,
    )
  })
}

function chooseQueries(name: string | undefined): readonly QueryName[] {
  if (name === undefined) return ['heavy', 'small']
  if (name === 'heavy' || name === 'small') return [name]
  throw new Error(`--query: expected heavy or small, got ${name}.`)
}

function positive(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text)
  if (value > 0) return value
  throw new Error(`--${name}: expected a number above 0, got ${text}.`)
}
