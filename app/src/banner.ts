/** What the program says about itself once it is ready. */
export interface Ready {
  readonly version: string
  readonly url: string
  readonly issuer: string
  readonly subgraphs: readonly { readonly name: string; readonly fields: number }[]
  readonly composeMs: number
  readonly seeded?: {
    readonly variants: number
    readonly locations: number
    readonly customers: number
    readonly orders: number
    readonly ms: number
    /** Whether it was there before this start. */
    readonly kept?: boolean
  }
  readonly persist?: string
  /** Where data is when that is neither memory nor `persist`. */
  readonly where?: string
  /** Processes that answer the graph, when it is not this one alone. */
  readonly workers?: number
  readonly busy: readonly number[]
  /** What was asked for and does not apply. */
  readonly notes?: readonly string[]
  readonly simulators: readonly { readonly name: string; readonly url: string }[]
  readonly accounts: readonly { readonly who: string; readonly email: string; readonly password: string }[]
  readonly partnerKey: string
  /** From the start of the process to the first right federated answer, milliseconds. */
  readonly firstAnswerMs: number
}

/** One block for people. */
export function readyBlock(ready: Ready): string {
  const graph = ready.subgraphs.map(({ name, fields }) => `${name} ${fields}`).join(', ')
  const rows: readonly (readonly [string, string])[] = [
    ['GraphQL', `${ready.url}/graphql`],
    ['Sandbox', `${ready.url}/sandbox        open this first: saved operations per head, query plans`],
    ['Events', `${ready.url}/events         every change, live`],
    ['What is here', `${ready.url}/`],
    ['Health', `${ready.url}/readyz         also /livez, /version`],
    ...ready.accounts.map(({ who, email, password }) => [who, `${email} / ${password}`] as const),
    ['Issuer', ready.issuer],
    ['Partner', `x-api-key: ${ready.partnerKey}`],
    ...ready.simulators.map(({ name, url }) => [`${name} simulator`, `${url}/admin/ledger`] as const),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const workers = (ready.workers ?? 1) > 1 ? `${ready.workers} workers answer the graph   ` : ''
  return [
    '',
    `  Stoa ${ready.version}   node ${process.versions.node}   ${workers}${whereIsData(ready)}`,
    `  ✔ composed ${ready.subgraphs.length} subgraphs (fields: ${graph})   ${Math.round(ready.composeMs)} ms`,
    seededLine(ready),
    ...(ready.notes ?? []).map((note) => `  ! ${note}`),
    ...ready.busy.map((port) => `  ! port ${port} is taken by another program; took the next free one`),
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    `  first federated answer after ${(ready.firstAnswerMs / 1000).toFixed(2)} s. Try: npm run demo   Stop: Ctrl+C`,
    '',
  ].join('\n')
}

function whereIsData({ where, persist }: Ready): string {
  if (where !== undefined) return `data ${where}`
  return persist === undefined ? 'in memory: gone when it stops' : `data in ${persist}`
}

/** The same for programs: JSON lines. */
export function readyLines(ready: Ready): string {
  const { subgraphs, composeMs, seeded, ...rest } = ready
  const lines = [
    { event: 'composed', subgraphs, ms: Math.round(composeMs) },
    ...(seeded ? [seededEvent(seeded)] : []),
    { event: 'ready', pid: process.pid, ...rest, firstAnswerMs: Math.round(ready.firstAnswerMs) },
  ]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

function seededEvent({ kept, ms, ...figures }: NonNullable<Ready['seeded']>): object {
  return kept ? { event: 'kept', ...figures } : { event: 'seeded', ...figures, ms: Math.round(ms) }
}

function seededLine({ seeded }: Ready): string {
  if (!seeded) return '  · no demo data'
  const number = (value: number): string => value.toLocaleString('en')
  const figures = `${number(seeded.variants)} variants · ${seeded.locations} locations · ${number(seeded.customers)} customers · ${number(seeded.orders)} orders`
  return seeded.kept
    ? `  ✔ kept what was there; it began with ${figures}`
    : `  ✔ seeded ${figures}   ${Math.round(seeded.ms)} ms`
}
