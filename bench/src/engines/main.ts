import { whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { whyNoGremlin } from '@stoa/servers/gremlin'
import { whyNoKafka } from '@stoa/servers/kafka'
import { whyNoMoto } from '@stoa/servers/moto'
import { whyNoPostgres } from '@stoa/servers/postgres'
import { measureDynamodb } from './dynamodb.ts'
import { measureEventBridge } from './eventbridge.ts'
import { measureKafka } from './kafka.ts'
import { measureNeptune } from './neptune.ts'
import { measurePostgres } from './postgres.ts'

// What each engine does per second behind our port, beside its bare client doing the same by hand, in turns in one run.
// Run: npm run bench:engines -- [postgres kafka dynamodb eventbridge neptune]

interface Engine {
  /** Why it cannot run on this machine. */
  readonly whyNot: () => string | undefined
  readonly measure: () => Promise<Readonly<Record<string, number>>>
}

const engines: Readonly<Record<string, Engine>> = {
  postgres: { whyNot: whyNoPostgres, measure: measurePostgres },
  kafka: { whyNot: whyNoKafka, measure: measureKafka },
  dynamodb: { whyNot: whyNoDynamodbLocal, measure: measureDynamodb },
  eventbridge: { whyNot: () => whyNoMoto() ?? whyNoDynamodbLocal(), measure: measureEventBridge },
  neptune: { whyNot: whyNoGremlin, measure: measureNeptune },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in engines))
if (unknown.length > 0)
  throw new Error(`Expected engines of ${Object.keys(engines).join(', ')}; got ${unknown.join(', ')}.`)

const figures: Record<string, number> = {}
for (const [name, engine] of Object.entries(engines)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const whyNot = engine.whyNot()
  if (whyNot === undefined) Object.assign(figures, print(await engine.measure()))
  else process.stderr.write(`${name} is not measured: ${whyNot}.\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'engines', figures })}\n`)

function print(found: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(found))
    process.stderr.write(`${name.padEnd(52)} ${value.toLocaleString('en')}\n`)
  return found
}
