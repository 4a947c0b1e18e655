import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, sleep } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { JsonObject } from '../json.ts'
import type { Log } from '../log.ts'
import type { Random } from '../random.ts'
import { type Behaviour, type BehaviourSwitch, parseBehaviour } from './behaviour.ts'
import { createHolder, type Holder } from './holder.ts'
import {
  close,
  listen,
  readRequest,
  reply,
  type VendorHandler,
  type VendorReply,
  type VendorRequest,
} from './wire.ts'

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
  readonly behaviour: BehaviourSwitch
  /** The vendor's own protocol. What it commits, it commits before it returns. */
  readonly handle: VendorHandler
  /** Further admin calls by path: `/admin/counts`. */
  readonly admin?: Readonly<Record<string, VendorHandler>>
}

export interface SimulatorHost extends AsyncDisposable {
  readonly url: string
}

/** A vendor behind the network: its own server on 127.0.0.1, its own admin calls, its own bad days. */
export async function openSimulatorHost(parts: HostParts): Promise<SimulatorHost> {
  const { behaviour } = parts
  const held = createHolder(parts.clock)
  const admin = adminCalls(parts)
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
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => close(server) }
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

function adminCalls(parts: HostParts): Readonly<Record<string, VendorHandler>> {
  const { behaviour, log, name } = parts
  const current = (): VendorReply => ({ status: 200, body: { behaviour: { ...behaviour.current() } } })
  const extra = Object.entries(parts.admin ?? {}).map(([path, call]) => [`POST ${path}`, call])
  return {
    ...Object.fromEntries(extra),
    'GET /admin/behaviour': current,
    'POST /admin/behaviour': (request) => {
      const asked = parseBehaviour(request.body)
      behaviour.behave(asked)
      log.info({ simulator: name, ...asked }, 'simulator told how to behave')
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
