import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export interface DynamoProxy extends AsyncDisposable {
  readonly endpoint: string
  /** How many requests came, by operation. */
  readonly requests: ReadonlyMap<string, number>
  /** The next requests of this operation reach the database, but their answers get lost. */
  loseAnswers(operation: string, count: number): void
  /** The next requests of this operation reach the database, but their answers stay out. */
  holdAnswers(operation: string, count: number): void
  /** The next BatchGetItem requests are answered for one key only, the others being left unprocessed. */
  leaveUnprocessed(count: number): void
  /** Answers in the place of the database, which does not see these requests. */
  refuse(refusal: Refusal): void
}

export interface Refusal {
  /** `ThrottlingException`; the service's own name for it. */
  readonly error: string
  readonly message?: string
  /** Default 400. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** What this error says besides. */
  readonly fields?: object
  /** How often; default: until the end. */
  readonly count?: number
  /** Which; default: all. */
  readonly when?: (wire: Wire) => boolean
}

export interface Wire {
  readonly operation: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Stands between a client and DynamoDB and does what a bad network or a busy service does. */
export async function startDynamoProxy(target: string): Promise<DynamoProxy> {
  const [lost, held, requests] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ]
  const refusals: { readonly refusal: Refusal; left: number }[] = []
  let shortened = 0
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    loseAnswers: (operation, count) => void lost.set(operation, count),
    holdAnswers: (operation, count) => void held.set(operation, count),
    leaveUnprocessed(count) {
      shortened = count
    },
    refuse: (refusal) => void refusals.push({ refusal, left: refusal.count ?? Number.POSITIVE_INFINITY }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wire = await read(request)
    requests.set(wire.operation, (requests.get(wire.operation) ?? 0) + 1)
    const answer = refuse(wire) ?? (await answerTo(wire))
    if (takeOne(held, wire.operation)) return
    if (takeOne(lost, wire.operation)) response.destroy()
    else response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  function refuse(wire: Wire): Answer | undefined {
    const found = refusals.find(({ refusal, left }) => left > 0 && (refusal.when?.(wire) ?? true))
    if (!found) return undefined
    found.left -= 1
    const { error, message = error, status = 400, headers = {}, fields = {} } = found.refusal
    const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}`, message, ...fields })
    return { status, headers: { 'content-type': 'application/x-amz-json-1.0', ...headers }, body }
  }

  async function answerTo(wire: Wire): Promise<Answer> {
    if (wire.operation !== 'BatchGetItem' || shortened === 0) return await pass(target, wire)
    shortened -= 1
    return await shorten(target, wire)
  }
}

function takeOne(counts: Map<string, number>, operation: string): boolean {
  const left = counts.get(operation) ?? 0
  if (left > 0) counts.set(operation, left - 1)
  return left > 0
}

async function pass(target: string, { headers, body }: Wire): Promise<Answer> {
  const answer = await fetch(target, { method: 'POST', headers, body })
  const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0'
  return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() }
}

async function shorten(target: string, wire: Wire): Promise<Answer> {
  const request = JSON.parse(wire.body)
  const [[table, asked] = ['', { Keys: [] }]] = Object.entries<{ Keys: unknown[] }>(request.RequestItems)
  const [first, ...rest] = asked.Keys
  const body = JSON.stringify({ ...request, RequestItems: { [table]: { ...asked, Keys: [first] } } })
  const answer = await pass(target, { ...wire, body })
  const UnprocessedKeys = rest.length > 0 ? { [table]: { ...asked, Keys: rest } } : {}
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), UnprocessedKeys }) }
}

async function read(request: IncomingMessage): Promise<Wire> {
  const own = ['host', 'connection', 'content-length']
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      own.includes(name) ? [] : [[name, String(value)]],
    ),
  )
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  return { operation, headers, body: await text(request) }
}
