import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { Envelope } from '@stoa/platform/event'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { translateWmsNotice } from './inbound.ts'
import { createWmsClient, type PickRequest, type WmsClient } from './main.ts'
import { openWmsSimulator, type WmsSimulator, type WmsSimulatorOptions } from './simulator.ts'

const secret = 'a secret shared with the warehouse'
const { signal } = new AbortController()
const ada: PickRequest = {
  orderId: 'O-ADA',
  shipmentId: 'O-ADA-1',
  locationId: 'DC-MILAN',
  lines: [{ lineId: 'L1', sku: 'TEE-1', quantity: 2 }],
  delivery: {
    method: 'DELIVERY',
    address: { name: 'Ada Conti', line1: 'Via Dante 1', postalCode: '20121', city: 'Milano', country: 'IT' },
  },
  signal,
}

let heard: Envelope[]
let refusing: number
let hook: Server
let vendor: WmsSimulator
let wms: WmsClient

beforeEach(async () => {
  heard = []
  refusing = 0
  hook = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const facts = translateWmsNotice({ body, headers: request.headers }, { secret, now: systemClock.now() })
    const accepted = refusing-- <= 0 && facts.ok
    if (accepted) heard.push(...facts.value)
    response.writeHead(accepted ? 202 : 503).end()
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  vendor = await openWmsSimulator(options())
  wms = createWmsClient({ url: vendor.url, log: silentLog })
})

afterEach(async () => {
  await wms[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
  await new Promise((resolve) => hook.close(resolve))
})

function options(): WmsSimulatorOptions {
  // A listening server has an address.
  const { port } = hook.address() as AddressInfo
  return {
    clock: systemClock,
    random: seededRandom(1),
    log: silentLog,
    packingMs: 5,
    webhook: { url: `http://127.0.0.1:${port}/hooks/wms`, secret },
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function events(simulator: WmsSimulator = vendor): readonly string[] {
  return simulator.ledger().map((entry) => entry.event)
}

describe('a pick order', () => {
  it('is packed once, however often it is sent, and its goods issue arrives as WarehouseShipped', async () => {
    await wms.pick(ada)
    await wms.pick(ada)
    await until(() => events().includes('acknowledged'))
    expect(events()).toEqual(['pick_ordered', 'goods_issued', 'acknowledged'])
    expect(heard).toMatchObject([
      {
        type: 'WarehouseShipped',
        source: 'wms',
        stream: 'shipment-O-ADA-1',
        version: 1,
        data: { orderId: 'O-ADA', shipmentId: 'O-ADA-1', carrier: expect.any(String) },
      },
    ])
  })

  it('that is cancelled in time is not packed; afterwards it is too late', async () => {
    const clock = createVirtualClock()
    await using slow = await openWmsSimulator({ ...options(), clock })
    await using client = createWmsClient({ url: slow.url, log: silentLog })
    await client.pick(ada)
    await client.pick({ ...ada, shipmentId: 'O-ADA-2' })
    expect(await client.cancelPick({ shipmentId: 'O-ADA-1', signal })).toBe('cancelled')
    clock.advance(150)
    expect(await client.cancelPick({ shipmentId: 'O-ADA-2', signal })).toBe('shipped')
    expect(events(slow).filter((event) => event === 'goods_issued')).toHaveLength(1)
  })

  it('that comes after its cancellation is not packed', async () => {
    expect(await wms.cancelPick({ shipmentId: 'O-ADA-1', signal })).toBe('cancelled')
    await wms.pick(ada)
    expect(events()).toEqual(['pick_cancelled'])
  })

  it('for a store says which counter', async () => {
    await wms.pick({ ...ada, delivery: { method: 'PICKUP', locationId: 'ST-MILAN' } })
    expect(events()).toContain('pick_ordered')
  })
})

describe('a warehouse in trouble', () => {
  it('repeats a notice until it is acknowledged', async () => {
    refusing = 2
    await wms.pick(ada)
    await until(() => heard.length > 0)
    expect(heard).toHaveLength(1)
  })

  it('that tells everything twice tells the same fact, by its id', async () => {
    vendor.behave({ mode: 'duplicating' })
    await wms.pick(ada)
    await until(() => heard.length === 2)
    expect(new Set(heard.map((event) => event.id)).size).toBe(1)
    expect(events().filter((event) => event === 'goods_issued')).toHaveLength(1)
  })

  it('that tells things out of order tells all of them', async () => {
    vendor.behave({ mode: 'reordering' })
    for (const counted of [12, 11]) vendor.count({ article: 'TEE-1', warehouse: 'DC-MILAN', counted })
    await until(() => heard.length === 2)
    expect(heard.map((event) => event.version).sort()).toEqual([1, 2])
  })

  it('that was dead packs what it has once it is back, and took nothing in meanwhile', async () => {
    const clock = createVirtualClock()
    await using late = await openWmsSimulator({ ...options(), clock })
    await using client = createWmsClient({ url: late.url, log: silentLog, clock })
    await client.pick(ada)
    late.behave({ mode: 'dead' })
    clock.advance(7_200_000)
    await expect(client.pick({ ...ada, shipmentId: 'O-ADA-2' })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(events(late)).toEqual(['pick_ordered'])
    late.behave({ mode: 'normal' })
    expect(events(late)).toEqual(['pick_ordered', 'goods_issued'])
  })

  it('that loses its reply has taken the pick order once', async () => {
    vendor.behave({ mode: 'losing-replies', next: 1 })
    await wms.pick(ada)
    expect(events().filter((event) => event === 'pick_ordered')).toHaveLength(1)
  })

  it('goes on after a restart with what its journal says is open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wms-'))
    const file = join(folder, 'wms.jsonl')
    {
      await using before = await openWmsSimulator({ ...options(), file, packingMs: 60_000 })
      await using client = createWmsClient({ url: before.url, log: silentLog })
      await client.pick(ada)
    }
    await using after = await openWmsSimulator({ ...options(), file })
    await until(() => heard.length > 0)
    await until(() => events(after).includes('acknowledged'))
    expect(events(after)).toEqual(['pick_ordered', 'goods_issued', 'acknowledged'])
    rmSync(folder, { recursive: true })
  })
})

describe('a stock count', () => {
  it('asked for by an admin call arrives as StockCounted', async () => {
    const body = JSON.stringify({ article: 'TEE-1', warehouse: 'DC-MILAN', counted: 12 })
    const answer = await fetch(`${vendor.url}/admin/counts`, { method: 'POST', body })
    expect(answer.status).toBe(202)
    await until(() => heard.length > 0)
    expect(heard).toMatchObject([
      { type: 'StockCounted', stream: 'stock-count-TEE-1', data: { sku: 'TEE-1', counted: 12 } },
    ])
  })

  it('of minus one is refused with what was expected', async () => {
    const body = JSON.stringify({ article: 'TEE-1', warehouse: 'DC-MILAN', counted: -1 })
    const answer = await fetch(`${vendor.url}/admin/counts`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toMatch(/Expected a count such as/)
  })
})
