import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, sleep } from './clock.ts'
import { Fault } from './fault.ts'
import type { JsonObject } from './json.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'
import {
  type Behaviour,
  type BehaviourInput,
  type BehaviourSwitch,
  createBehaviourSwitch,
  parseBehaviour,
} from './simulator-behaviour.ts'
import { createHolder, type Holder } from './simulator-holder.ts'
import {
  close,
  listen,
  readRequest,
  reply,
  type VendorHandler,
  type VendorReply,
  type VendorRequest,
} from './simulator-wire.ts'

/** What every simulator is started with. */
export interface SimulatorOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Default: any free port. */
  readonly port?: number
  /** Where its journal is kept, to survive a restart of this process. Default: memory only. */
  readonly file?: string
}

export interface HostParts extends SimulatorOptions {
  readonly name: string
  readonly entries: readonly object[]
  /** The vendor's own protocol. What it commits, it commits before it returns. */
  readonly handle: VendorHandler
  /** Further admin calls by path: `/admin/counts`. */
  readonly admin?: Readonly<Record<string, VendorHandler>>
}

export interface SimulatorHost extends AsyncDisposable {
  readonly url: string
  /** Throws BAD_REQUEST when the behaviour makes no sense. */
  behave(behaviour: BehaviourInput): void
  readonly behaviour: BehaviourSwitch
  /** Runs `run` now, or once the simulator is no longer dead. */
  whenAlive(run: () => void): void
}

/** A vendor behind the network: its own server on 127.0.0.1, its own admin calls, its own bad days. */
export async function openSimulatorHost(parts: HostParts): Promise<SimulatorHost> {
  const behaviour = createBehaviourSwitch(parts.random)
  const waiting: (() => void)[] = []
  const held = createHolder(parts.clock)

  function behave(input: unknown): void {
    const parsed = parseBehaviour(input)
    if (!parsed.ok) throw new Fault(parsed.error.code, parsed.error.message)
    behaviour.set(parsed.value)
    parts.log.info({ simulator: parts.name, ...parsed.value }, 'simulator told how to behave')
    if (parsed.value.mode !== 'dead') for (const run of waiting.splice(0)) run()
  }

  const admin = adminCalls(parts, { behave, behaviour })
  const server = createServer((request, response) => {
    answer(request, response).catch((reason: unknown) => {
      parts.log.error({ simulator: parts.name, reason }, 'simulator failed')
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request)
    if ('status' in asked) return reply(response, asked)
    const call = admin[`${asked.method} ${asked.path}`]
    if (call) return reply(response, guarded(call, asked))
    await misbehave({ drawn: behaviour.draw(), response, clock: parts.clock, held }, () =>
      guarded(parts.handle, asked),
    )
  }

  const port = await listen(server, parts.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}`,
    behave,
    behaviour,
    whenAlive: (run) => void (behaviour.current().mode === 'dead' ? waiting.push(run) : run()),
    [Symbol.asyncDispose]: () => close(server),
  }
}

interface Meeting {
  readonly drawn: Behaviour
  readonly response: ServerResponse
  readonly clock: Clock
  readonly held: Holder
}

async function misbehave(meeting: Meeting, handle: () => VendorReply): Promise<void> {
  const { drawn, response, clock, held } = meeting
  switch (drawn.mode) {
    case 'dead':
      return void response.destroy()
    case 'failing':
      return reply(response, { status: drawn.status, body: { error: { code: 'simulated_failure' } } })
    case 'losing-replies':
      handle()
      return void response.destroy()
    case 'duplicating':
      handle()
      return reply(response, handle())
    case 'slow': {
      // The work is done first: whoever gives up waiting and asks again must not get it done twice.
      const late = handle()
      await sleep(clock, drawn.ms)
      return reply(response, late)
    }
    case 'reordering':
      await held.hold(drawn.ms)
      return reply(response, handle())
    case 'normal':
      return reply(response, handle())
  }
}

interface Controls {
  readonly behave: (input: unknown) => void
  readonly behaviour: BehaviourSwitch
}

function adminCalls(parts: HostParts, controls: Controls): Readonly<Record<string, VendorHandler>> {
  const current = (): VendorReply => ({
    status: 200,
    body: { behaviour: { ...controls.behaviour.current() } },
  })
  const extra = Object.entries(parts.admin ?? {}).map(([path, call]) => [`POST ${path}`, call])
  return {
    ...Object.fromEntries(extra),
    'GET /admin/behaviour': current,
    'POST /admin/behaviour': (request) => {
      controls.behave(request.body)
      return current()
    },
    // Entries are the simulators' own plain JSON.
    'GET /admin/ledger': () => ({
      status: 200,
      body: { entries: parts.entries.slice(-1_000) as JsonObject[] },
    }),
  }
}

function guarded(handle: VendorHandler, request: VendorRequest): VendorReply {
  try {
    return handle(request)
  } catch (reason) {
    if (reason instanceof Fault && reason.code === 'BAD_REQUEST') {
      return { status: 400, body: { error: { code: reason.code, message: reason.message } } }
    }
    throw reason
  }
}
