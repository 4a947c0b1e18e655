import type { z } from 'zod'

/** A head that listens over WebSocket (`graphql-transport-ws`), as a page would. */
export interface Listening<T> extends AsyncDisposable {
  /** The `data` of the next event, checked against a shape; throws what it ends with. */
  next(): Promise<T>
}

export interface ListenQuestion<T> {
  readonly document: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly answer: z.ZodType<T>
  /** For `connection_init`. */
  readonly params?: Readonly<Record<string, string>>
}

interface Message {
  readonly type: string
  readonly payload?: unknown
}

/** Node's own WebSocket: the same as a browser's. */
export async function listen<T>(shopUrl: string, question: ListenQuestion<T>): Promise<Listening<T>> {
  const { document: query, variables = {}, answer, params = {} } = question
  const socket = new WebSocket(`${shopUrl.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const inbox = createInbox(socket)
  const say = (message: object): void => socket.send(JSON.stringify(message))
  socket.addEventListener('open', () => say({ type: 'connection_init', payload: params }))
  const acknowledged = await inbox()
  if (acknowledged.type !== 'connection_ack') throw new Error(`Not let in: ${JSON.stringify(acknowledged)}`)
  say({ type: 'subscribe', id: '1', payload: { query, variables } })
  return {
    async next() {
      const { type, payload } = await inbox()
      if (type !== 'next') throw new Error(`Expected an event, got ${type}: ${JSON.stringify(payload)}`)
      const { data, errors } = readResult(payload)
      if (errors) throw new Error(`Expected no errors, got ${JSON.stringify(errors)}`)
      return answer.parse(data)
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
      socket.close()
      await closed
    },
  }
}

function readResult(payload: unknown): { readonly data?: unknown; readonly errors?: unknown } {
  return typeof payload === 'object' && payload !== null ? payload : {}
}

/** Gives what was heard, in order; how the socket was closed counts as a message. */
function createInbox(socket: WebSocket): () => Promise<Message> {
  const heard: Message[] = []
  let wake = (): void => {}
  const take = (message: Message): void => {
    heard.push(message)
    wake()
  }
  socket.addEventListener('message', ({ data }) => take(JSON.parse(String(data))))
  socket.addEventListener('close', ({ code, reason }) => take({ type: 'closed', payload: { code, reason } }))
  return async () => {
    for (;;) {
      const message = heard.shift()
      if (message) return message
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
