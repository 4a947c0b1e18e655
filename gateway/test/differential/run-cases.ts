import { type Random, seededRandom } from '@stoa/platform/random'
import type { Subgraph } from '@stoa/platform/subgraph'
import { execute, type GraphQLSchema, parse, validate } from 'graphql'
import { apiOf, composed, openPart } from '../fixture.ts'
import { type Answer, codesOf, essence, untruth } from './compare.ts'
import { dataOf } from './data.ts'
import { mergedSchema } from './merged.ts'
import { chance, type Model, pick } from './model.ts'
import { partsOfGraph } from './parts.ts'
import { randomModel } from './random-model.ts'
import { type RandomQuery, randomQuery } from './random-query.ts'
import type { Trouble } from './trouble.ts'
import { type Around, openWays, WAYS, type Way, type Ways } from './ways.ts'

export interface Graph extends AsyncDisposable {
  /** Runs the case of this number; the same number is the same case for ever. */
  run(index: number): Promise<Outcome>
  readonly ways: Ways
}

export type Outcome =
  | { readonly kind: 'agreed' | 'unplanned' }
  | { readonly kind: 'different'; readonly difference: Difference }

export interface Difference extends RandomQuery {
  /** `seed:index`. */
  readonly name: string
  readonly way: Way
  readonly trouble: Trouble | undefined
  readonly expected: string
  readonly got: string
}

/** A random graph over real subgraphs in this process, and one schema that has all of it. */
export async function openRandomGraph(seed: number): Promise<Graph> {
  const model = randomModel(seededRandom(seed), seed < 10_000 ? 1 : 2, seed % 3 === 0)
  const calls: string[] = []
  const data = dataOf(model, { seed, failing: seed % 3 === 0 ? 0.06 : 0 })
  const parts = partsOfGraph(model, data, calls)
  await using opening = new AsyncDisposableStack()
  const subgraphs: Subgraph[] = []
  for (const [name, part] of Object.entries(parts)) subgraphs.push(opening.use(await openPart(name, part)))
  const ways = openWays(composed(parts), subgraphs)
  const schema = mergedSchema(apiOf(parts), model, data, calls)
  const opened = opening.move()
  return {
    ways,
    run: async (index) => await runCase({ seed, index, model, ways, schema, calls }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

interface Case {
  readonly seed: number
  readonly index: number
  readonly model: Model
  readonly ways: Ways
  readonly schema: GraphQLSchema
  /** Mutations carried out since somebody looked. */
  readonly calls: string[]
}

async function runCase(one: Case): Promise<Outcome> {
  const random = seededRandom((one.seed + 1) * 1_000_003 + one.index)
  const trouble = troubleOf(random, one.model)
  const around = { trouble, moved: one.model.era === 1 ? 0 : random.next() }
  const { query, first } = await askValid(one, random, around)
  if (codesOf(first.answer).join() === 'PLAN_FAILED') return { kind: 'unplanned' }
  const document = parse(query.text)
  const truth = await execute({ schema: one.schema, document, variableValues: query.variables })
  const expected: Told = { answer: JSON.parse(JSON.stringify(truth)), calls: one.calls.splice(0) }
  const truths: Truth = { expected, first, trouble }
  for (const way of WAYS) {
    const told = way === 'walked' ? first : await ask(one, { way, query, around })
    const wrong = compare(told, truths)
    const name = `${one.seed}:${one.index}`
    if (wrong) return { kind: 'different', difference: { name, way, trouble, ...query, ...wrong } }
  }
  return { kind: 'agreed' }
}

interface Told {
  readonly answer: Answer
  readonly calls: readonly string[]
}

function troubleOf(random: Random, { subgraphs }: Model): Trouble | undefined {
  if (!chance(random, 0.15)) return undefined
  const kind = pick(random, ['rejects', 'nonsense'] as const)
  return { kind, subgraph: pick(random, subgraphs), seed: Math.floor(random.next() * 1_000_000) }
}

interface Asked {
  readonly way: Way
  readonly query: RandomQuery
  readonly around: Around
}

async function ask({ ways, calls }: Case, { way, query, around }: Asked): Promise<Told> {
  calls.length = 0
  const answer = await ways.ask(way, query, around)
  return { answer, calls: calls.splice(0) }
}

/** Whether a document is valid is found out by asking; that validation itself agrees is checked, too. */
async function askValid(
  one: Case,
  random: Random,
  around: Around,
): Promise<{ readonly query: RandomQuery; readonly first: Told }> {
  for (;;) {
    const query = randomQuery(random, one.model)
    const first = await ask(one, { way: 'walked', query, around })
    if (codesOf(first.answer).join() !== 'DOCUMENT_INVALID') return { query, first }
    if (validate(one.schema, parse(query.text)).length === 0)
      throw new Error(`${one.seed}:${one.index}: a valid document was refused: ${query.text}`)
  }
}

interface Truth {
  readonly expected: Told
  /** What walking answered. */
  readonly first: Told
  readonly trouble: Trouble | undefined
}

type Wrong = Pick<Difference, 'expected' | 'got'>

function compare(told: Told, { expected, first, trouble }: Truth): Wrong | undefined {
  if ('polluted' in {}) return { expected: 'no prototype changed', got: 'all objects are polluted' }
  const calls = differ(expected.calls, callsToCompare(expected, told))
  if (calls) return calls
  if (!trouble) return differ(essence(expected.answer), essence(told.answer))
  if (trouble.kind === 'nonsense') return formOf(expected.answer, told.answer)
  const untrue = untruth(told.answer, expected.answer)
  if (untrue !== undefined)
    return { expected: essence(expected.answer), got: `${untrue}: ${essence(told.answer)}` }
  return differ(essence(first.answer), essence(told.answer))
}

/** After a null where there must be none, whether what follows is carried out is left open. */
function callsToCompare({ answer, calls }: Told, told: Told): readonly string[] {
  return answer.data === null ? told.calls.slice(0, calls.length) : told.calls
}

function differ(expected: unknown, got: unknown): Wrong | undefined {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(got)]
  return one === other ? undefined : { expected: one, got: other }
}

/** Nonsense may look like the truth; what is asked of the answer is that it is one: all fields, or null and why. */
function formOf(expected: Answer, { data, errors = [] }: Answer): Wrong | undefined {
  if (isObject(data) && isObject(expected.data)) return differ(Object.keys(expected.data), Object.keys(data))
  return isObject(data) || errors.length > 0 ? undefined : { expected: 'data or errors', got: 'neither' }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
