import { createGateway, type Gateway } from '@stoa/gateway/gateway'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { readSupergraph } from '@stoa/schema/supergraph'

// What it costs the gateway to refuse a document that is meant to hurt: CPU milliseconds, cold caches, worst of three
// medians. The control is an honest query of 1 kB that was never seen before, prepared and run.
// Run: node bench/src/hostile-documents.ts

const ROUNDS = 3
const REPEATS = 15
const LIMIT_MS = 10

const hostile: Readonly<Record<string, string>> = {
  fragments20: bomb(20),
  fragments60: bomb(60),
  repeats1000: `{${'product(id:1){id}'.repeat(1_000)}}`,
  repeatsWithinTokens: `{${'product(id:1){id}'.repeat(90)}}`,
  overlap: `{products{${'nodes{id ...{id}}'.repeat(100)}}}`,
  depth3000: '{a'.repeat(3_000) + '}'.repeat(3_000),
  depth1000000: '{a'.repeat(1_000_000),
  quarterMegabyteOfNames: 'a '.repeat(131_000),
  quarterMegabyteOfComment: `#${'x'.repeat(262_000)}`,
  literalDepth3000: `{product(id:${'['.repeat(3_000)}${']'.repeat(3_000)}){id}}`,
  megabyteOfNames: 'a '.repeat(524_288),
  megabyteOfComment: `#${'x'.repeat(1_048_576)}`,
  megabyteOfString: `{product(id:"${'x'.repeat(1_048_576)}"){id}}`,
  directives10000: `{products${' @skip(if:false)'.repeat(10_000)}{totalCount}}`,
  aliases2000: `{${Array.from({ length: 2_000 }, (_, i) => `a${i}:__typename`).join(' ')}}`,
  aliases300: `{${Array.from({ length: 300 }, (_, i) => `a${i}:__typename`).join(' ')}}`,
  unknownFields: `{${Array.from({ length: 15 }, (_, i) => `x${i}{${'y '.repeat(20)}}`).join(' ')}}`,
  circularFragments: `{...F0}${Array.from({ length: 100 }, (_, i) => `fragment F${i} on Query{...F${(i + 1) % 100}}`).join(' ')}`,
  manyFragments: `{__typename}${Array.from({ length: 120 }, (_, i) => `fragment F${i} on Query{__typename}`).join(' ')}`,
  introspection: `{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`,
}

/** Doubling at each of `levels` levels: 20 of them are a million selections in about 900 bytes. */
function bomb(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, i) => `fragment F${i} on Query{...F${i + 1} ...{...F${i + 1}}}`,
  )
  return `{...F0}${fragments.join('')}fragment F${levels} on Query{__typename}`
}

/** About 1 kB, never the same twice. */
function honest(seed: number): string {
  const fields = 'id name brand handle description priceFrom { amountMinor currency exponent amount }'
  const parts = Array.from(
    { length: 5 },
    (_, i) =>
      `p${i}: products(first: ${1 + i}) { nodes { ${fields} alsoBought { id name } } pageInfo { hasNextPage endCursor } }`,
  )
  return `query Q${seed} { ${parts.join('\n')} }`
}

const supergraph = readSupergraph()
const names = [...supergraph.matchAll(/@join__graph\(name: "([^"]+)"/g)].flatMap(([, name]) => name ?? [])
await using gateway: Gateway = createGateway({
  supergraph,
  subgraphs: new Map(names.map((name) => [name, { execute: async () => ({ data: {} }) }])),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  introspection: true,
})

const control = await worst((seed) => honest(seed))
const figures: Record<string, number> = { limitMs: LIMIT_MS, controlMs: control.ms }
let worstMs = 0
for (const [name, document] of Object.entries(hostile)) {
  const { ms, code } = await worst((seed) => `${document} #${seed}`)
  figures[`${name}Ms`] = ms
  worstMs = Math.max(worstMs, ms)
  process.stderr.write(
    `${name.padEnd(22)} ${ms.toFixed(2).padStart(8)} ms  ${(ms / control.ms).toFixed(2).padStart(6)} × control  ${code}\n`,
  )
}
figures['worstMs'] = worstMs
process.stdout.write(`${JSON.stringify({ name: 'hostile-documents', figures })}\n`)

/** CPU of one refusal; the median of several, and of several such medians the worst. */
async function worst(document: (seed: number) => string): Promise<{ ms: number; code: string }> {
  let ms = 0
  let code = ''
  for (let round = 0; round < ROUNDS; round += 1) {
    const samples: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const query = document(round * REPEATS + repeat)
      const before = process.cpuUsage()
      const { json } = await gateway.execute({ query })
      const { user, system } = process.cpuUsage(before)
      samples.push((user + system) / 1_000)
      code = JSON.parse(json).errors?.[0]?.extensions.code ?? 'run'
    }
    ms = Math.max(ms, samples.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)] ?? 0)
  }
  return { ms, code }
}
