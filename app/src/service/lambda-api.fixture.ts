import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export interface PlayedInvocation {
  readonly id: string
  readonly deadline: number
  readonly trace?: string
}

export interface PlayedAnswer {
  readonly path: string
  readonly body: unknown
  readonly type?: string
}

export interface PlayedLambda extends AsyncDisposable {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly api: string
  /** Handed to whoever asks next. */
  invoke(invocation: PlayedInvocation): void
  /** The next answer, once there is one. */
  answered(): Promise<PlayedAnswer>
}

/** A server that does what the documentation says of Lambda's. */
export async function playLambda(): Promise<PlayedLambda> {
  const asking: ServerResponse[] = []
  const waiting: PlayedInvocation[] = []
  const answers: PlayedAnswer[] = []
  let onAnswer = (): void => {}
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '')
    if (request.method === 'GET' && path === 'invocation/next') {
      asking.push(response)
      return hand()
    }
    const type = request.headers['lambda-runtime-function-error-type']
    answers.push({
      path,
      body: JSON.parse(await text(request)),
      ...(type === undefined ? {} : { type: String(type) }),
    })
    response.writeHead(202).end('{"status":"OK"}')
    onAnswer()
  })
  function hand(): void {
    while (asking.length > 0 && waiting.length > 0) {
      const { id = '', deadline = 0, trace } = waiting.shift() ?? {}
      const headers = {
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': String(deadline),
        ...(trace === undefined ? {} : { 'lambda-runtime-trace-id': trace }),
      }
      asking.shift()?.writeHead(200, headers).end('{"Records":[]}')
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    api: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    invoke(invocation: PlayedInvocation) {
      waiting.push(invocation)
      hand()
    },
    async answered() {
      if (answers.length === 0) await new Promise<void>((resolve) => (onAnswer = resolve))
      return answers.shift() ?? { path: '', body: {} }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
