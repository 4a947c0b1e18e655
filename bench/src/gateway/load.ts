import { connect, type Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { createMessageReader, type HttpMessage } from './message-reader.ts'
import { cpuMs } from './process-cost.ts'

export interface LoadOrder {
  readonly port: number
  readonly query: string
  /** The right answer as JSON, in any order of keys. */
  readonly expected: string
  readonly connections: number
  readonly warmSeconds: number
  readonly seconds: number
  /** Whose CPU is measured. */
  readonly pid: number
}

export interface LoadResult {
  /** Answered within the measured time. */
  readonly requests: number
  /** Including the time before it. */
  readonly allRequests: number
  readonly seconds: number
  readonly cpuMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly answerBytes: number
}

const FEWEST = 100
const MORE_TIMES = 5

/** A closed loop: every connection asks again as soon as it was answered. Every answer is checked. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const request = requestBytes(order)
  const check = createCheck(order.expected)
  const latencies: number[] = []
  const run = { measuring: false, stopped: false, all: 0 }
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => open(order.port)))
  const failed = new Promise<never>((_, reject) => {
    for (const socket of sockets) {
      socket.on('error', reject)
      socket.on('close', () => run.stopped || reject(new Error('The gateway closed a connection.')))
      keepAsking(socket, { request, check, latencies, run, reject })
    }
  })
  try {
    await Promise.race([sleep(order.warmSeconds), failed])
    const [cpuBefore, started] = [cpuMs(order.pid), performance.now()]
    run.measuring = true
    await Promise.race([sleep(order.seconds), failed])
    // A slow gateway on a busy machine gets longer: a handful of answers is no measurement.
    for (let more = 0; more < MORE_TIMES && latencies.length < FEWEST; more += 1)
      await Promise.race([sleep(order.seconds), failed])
    run.measuring = false
    const [cpuAfter, ended] = [cpuMs(order.pid), performance.now()]
    latencies.sort((a, b) => a - b)
    return {
      requests: latencies.length,
      allRequests: run.all,
      seconds: (ended - started) / 1_000,
      cpuMs: cpuAfter - cpuBefore,
      p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
      answerBytes: check.bytes(),
    }
  } finally {
    run.stopped = true
    for (const socket of sockets) socket.destroy()
  }
}

interface Asking {
  readonly request: Buffer
  readonly check: Check
  readonly latencies: number[]
  readonly run: { readonly measuring: boolean; readonly stopped: boolean; all: number }
  readonly reject: (reason: unknown) => void
}

function keepAsking(socket: Socket, { request, check, latencies, run, reject }: Asking): void {
  let asked = performance.now()
  const read = createMessageReader((message) => {
    const now = performance.now()
    run.all += 1
    if (run.measuring) latencies.push(now - asked)
    check.answer(message)
    if (run.stopped) return
    asked = now
    socket.write(request)
  })
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk)
    } catch (reason) {
      reject(reason)
    }
  })
  socket.write(request)
}

interface Check {
  /** Throws when it is not the right answer. */
  answer(message: HttpMessage): void
  bytes(): number
}

const MAX_FORMS = 16

/** An answer whose bytes were found right once is right; any other is parsed and compared. */
function createCheck(expected: string): Check {
  const right: unknown = JSON.parse(expected)
  const forms: Buffer[] = []
  return {
    answer({ head, body }) {
      if (forms.some((form) => form.equals(body))) return
      const problem = problemOf(head, body, right)
      if (problem) throw new Error(`${problem}\n${head}\n${body.toString('utf8', 0, 2_000)}`)
      if (forms.length < MAX_FORMS) forms.push(Buffer.from(body))
    },
    bytes: () => forms[0]?.length ?? 0,
  }
}

function problemOf(head: string, body: Buffer, right: unknown): string | undefined {
  if (!/^HTTP\/1\.1 200\b/.test(head)) return 'The gateway answered with another status than 200.'
  const answer: unknown = JSON.parse(body.toString('utf8'))
  const data = typeof answer === 'object' && answer !== null && !('errors' in answer) ? answer : undefined
  const isRight = data !== undefined && 'data' in data && isDeepStrictEqual({ data: data.data }, right)
  return isRight ? undefined : 'The gateway answered with something else than graphql-js does.'
}

function requestBytes({ port, query }: LoadOrder): Buffer {
  const body = JSON.stringify({ query })
  const head = [
    'POST /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Accept: application/json',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
}
