import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { env as ownEnv } from 'node:process'
import { isDeepStrictEqual } from 'node:util'
import { stopChild } from './command.ts'
import { type Contestant, peersFolder } from './contestants.ts'
import { onCore } from './pin.ts'
import type { OpenSite, Question } from './site.ts'

export interface RunningGateway extends AsyncDisposable {
  readonly contestant: Contestant
  readonly port: number
  readonly pid: number
}

const READY_WITHIN_MS = 40_000

/**
 * Started and asked once: its first answer is the right one. Throws with what it wrote when it is not.
 * `nodeFlags` go before the program of a gateway that Node runs.
 */
export async function startGateway(
  contestant: Contestant,
  site: OpenSite,
  nodeFlags: readonly string[] = [],
): Promise<RunningGateway> {
  const port = await freePort()
  const [program = '', ...args] = contestant.command(site, port)
  const [pinned = '', ...rest] = onCore('gateway', [program, ...nodeFlags, ...args])
  const child = spawn(pinned, rest, {
    cwd: site.folder,
    env: { ...ownEnv, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-2_000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  try {
    for (const name of contestant.queries)
      await untilRight(port, site.questions[name], () => child.exitCode === null && child.pid !== undefined)
  } catch (reason) {
    await stopChild(child)
    throw new Error(`${reason instanceof Error ? reason.message : String(reason)}; ${lastComplaint(said)}`)
  }
  return { contestant, port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => stopChild(child) }
}

/** The line of what it wrote that tells most. */
function lastComplaint(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.find((line) => /error|expected/i.test(line)) ?? lines.at(-1)
  return telling === undefined
    ? 'it wrote nothing'
    : `it wrote: ${telling.trim().replaceAll(peersFolder, '')}`
}

async function untilRight(port: number, question: Question, isAlive: () => boolean): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until && isAlive()) {
    const answer = await ask(port, question.query)
    if (answer !== undefined) {
      if (isDeepStrictEqual(answer, JSON.parse(question.expected))) return
      throw new Error(`answered something else than graphql-js: ${JSON.stringify(answer).slice(0, 500)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(isAlive() ? `did not answer within ${READY_WITHIN_MS / 1_000} s` : 'ended')
}

/** `undefined` while nobody listens. */
async function ask(port: number, query: string): Promise<unknown> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query }),
    })
    return await answer.json()
  } catch {
    return undefined
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}
