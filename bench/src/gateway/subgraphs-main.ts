import { createServer, type Socket } from 'node:net'
import { serveCommands } from './command.ts'
import { type SubgraphName, subgraphNames } from './graph.ts'
import { createMessageReader, type HttpMessage } from './message-reader.ts'
import { type AnswerSubgraph, createSubgraphAnswers } from './subgraph-answers.ts'

/**
 * All four subgraphs in one process, each on a port of its own. Every question is worked out once and from then on
 * answered with the bytes remembered for it, so that what is measured is the gateway and not these.
 */
const MAX_REMEMBERED = 10_000

const counts = new Map<SubgraphName, number>(subgraphNames.map((name) => [name, 0]))
const answers = createSubgraphAnswers()
const ports = await Promise.all(
  subgraphNames.map(async (name) => [name, await serve(name, answers.get(name) ?? unknown)] as const),
)

serveCommands({
  ports: async () => Object.fromEntries(ports),
  /** Sub-requests since the last time this was asked. */
  counts: async () => {
    const taken = Object.fromEntries(counts)
    for (const name of subgraphNames) counts.set(name, 0)
    return taken
  },
})

async function serve(name: SubgraphName, answer: AnswerSubgraph): Promise<number> {
  const remembered = new Map<string, Buffer>()
  const server = createServer({ noDelay: true }, (socket) => {
    let turn: Promise<unknown> | undefined
    const read = createMessageReader((message) => {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      const known = turn === undefined ? remembered.get(message.body.toString('latin1')) : undefined
      if (known) return void socket.write(known)
      // A question of the first time; whatever is pipelined behind it waits for its turn.
      const mine = Promise.resolve(turn)
        .then(() => workOut(message, answer, remembered))
        .then((bytes) => socket.write(bytes))
        .catch((reason: unknown) => fail(socket, reason))
        .finally(() => {
          if (turn === mine) turn = undefined
        })
      turn = mine
    })
    socket.on('data', read)
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('A subgraph has no port.')
  return address.port
}

async function workOut(
  { body }: HttpMessage,
  answer: AnswerSubgraph,
  remembered: Map<string, Buffer>,
): Promise<Buffer> {
  const key = body.toString('latin1')
  const known = remembered.get(key)
  if (known) return known
  const text = JSON.stringify(await answer(JSON.parse(body.toString('utf8'))))
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`
  const bytes = Buffer.from(head + text)
  if (remembered.size < MAX_REMEMBERED) remembered.set(key, bytes)
  return bytes
}

function fail(socket: Socket, reason: unknown): void {
  process.stderr.write(`subgraphs: ${String(reason)}\n`)
  socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n')
}

async function unknown(): Promise<never> {
  throw new Error('There is no such subgraph.')
}
