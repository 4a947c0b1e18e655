import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export interface DynamoProxy extends AsyncDisposable {
  readonly endpoint: string
  /** The next requests of this operation reach the database, but their answers get lost. */
  loseAnswers(operation: string, count: number): void
  /** The next BatchGetItem requests are answered for one key only, the others being left unprocessed. */
  leaveUnprocessed(count: number): void
}

interface Wire {
  readonly operation: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** Stands between a client and DynamoDB and does what a bad network or a busy service does. */
export async function startDynamoProxy(target: string): Promise<DynamoProxy> {
  const lost = new Map<string, number>()
  let shortened = 0
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    loseAnswers: (operation, count) => void lost.set(operation, count),
    leaveUnprocessed(count) {
      shortened = count
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wire = await read(request)
    const answer =
      wire.operation === 'BatchGetItem' && shortened-- > 0 ? await shorten(wire) : await pass(wire)
    const left = lost.get(wire.operation) ?? 0
    if (left === 0) return void response.writeHead(answer.status, answer.headers).end(answer.body)
    lost.set(wire.operation, left - 1)
    response.destroy()
  }

  async function pass({
    headers,
    body,
  }: Wire): Promise<{ status: number; headers: Record<string, string>; body: string }> {
    const answer = await fetch(target, { method: 'POST', headers, body })
    const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0'
    return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() }
  }

  async function shorten(wire: Wire): ReturnType<typeof pass> {
    const request = JSON.parse(wire.body)
    const [[table, asked] = ['', { Keys: [] }]] = Object.entries<{ Keys: unknown[] }>(request.RequestItems)
    const [first, ...rest] = asked.Keys
    const body = JSON.stringify({ ...request, RequestItems: { [table]: { ...asked, Keys: [first] } } })
    const answer = await pass({ ...wire, body })
    const UnprocessedKeys = rest.length > 0 ? { [table]: { ...asked, Keys: rest } } : {}
    return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), UnprocessedKeys }) }
  }
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
