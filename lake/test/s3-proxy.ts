import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface S3Proxy extends AsyncDisposable {
  readonly endpoint: string
  /** How many PUT requests came. */
  puts(): number
  /** The next requests of this method are answered by this error and never reach the service. */
  answer(method: string, error: { readonly status: number; readonly code: string }, count: number): void
  /** The next PUT requests reach the service, but their answers get lost. */
  loseAnswers(count: number): void
}

/** Stands between a client and S3 and does what a bad network or a busy service does. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  let [puts, lost] = [0, 0]
  const scripted = new Map<string, { status: number; code: string; count: number }>()
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    if (method === 'PUT') puts += 1
    const body = await buffer(request)
    const script = scripted.get(method)
    if (script && script.count-- > 0) return refuse(response, script)
    const answer = await pass(request, body)
    if (method === 'PUT' && lost-- > 0) return void response.destroy()
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  async function pass(request: IncomingMessage, body: Buffer) {
    const own = ['host', 'connection', 'content-length', 'expect', 'transfer-encoding']
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      own.includes(name) ? [] : [[name, String(value)]],
    )
    const method = request.method ?? 'GET'
    const sent = method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }
    const answer = await fetch(target + request.url, { method, headers, ...sent })
    const type = answer.headers.get('content-type') ?? 'application/xml'
    return {
      status: answer.status,
      headers: { 'content-type': type },
      body: Buffer.from(await answer.arrayBuffer()),
    }
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    puts: () => puts,
    answer: (method, error, count) => void scripted.set(method, { ...error, count }),
    loseAnswers(count) {
      lost = count
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
