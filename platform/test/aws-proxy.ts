import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** Stands between a client and an AWS service and does what a bad network, a busy service or a wrong clock does. */
export interface AwsProxy extends AsyncDisposable {
  readonly endpoint: string
  /** The next requests of an operation are served by these, one each; then the service serves again. */
  next(operation: string, ...behaviours: readonly Behaviour[]): void
}

export interface Wire {
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly body: string
}

export type Behaviour = (wire: Wire, pass: (wire: Wire) => Promise<Answer>) => Promise<Answer>

/** What AWS says in its JSON protocols. */
export function failure(name: string, message: string = name): Behaviour {
  return async () => ({ status: 400, body: JSON.stringify({ __type: name, message }) })
}

export async function startAwsProxy(target: string): Promise<AwsProxy> {
  const scripts = new Map<string, Behaviour[]>()
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const wire = { headers: headersOf(request), body: await text(request) }
    const behaviour = scripts.get(operation)?.shift()
    const answer = await (behaviour ? behaviour(wire, pass) : pass(wire))
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body)
  }

  async function pass({ headers, body }: Wire): Promise<Answer> {
    const answer = await fetch(target, { method: 'POST', headers, body })
    return { status: answer.status, body: await answer.text() }
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    next: (operation, ...behaviours) =>
      void scripts.set(operation, [...(scripts.get(operation) ?? []), ...behaviours]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const own = ['host', 'connection', 'content-length', 'expect']
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      own.includes(name) ? [] : [[name, String(value)]],
    ),
  )
}
