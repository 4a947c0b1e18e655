import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import { type Ready, readyBlock, readyLines } from './banner.ts'
import { explain } from './complain.ts'

const ready: Ready = {
  version: '1.2.3',
  url: 'http://localhost:4001',
  issuer: 'http://localhost:5000',
  subgraphs: [
    { name: 'catalog', fields: 40 },
    { name: 'orders', fields: 60 },
  ],
  composeMs: 12.4,
  seeded: { variants: 1951, locations: 43, customers: 200, orders: 500, ms: 700.6 },
  busy: [4000],
  simulators: [{ name: 'wms', url: 'http://localhost:6000' }],
  accounts: [{ who: 'Customer', email: 'ada@example.test', password: 'demo' }],
  partnerKey: 'pk_demo_partner',
  firstAnswerMs: 1234.5,
}

describe('what a ready shop says to people', () => {
  it.each([
    'Stoa 1.2.3',
    'in memory: gone when it stops',
    '✔ composed 2 subgraphs (fields: catalog 40, orders 60)   12 ms',
    '✔ seeded 1,951 variants · 43 locations · 200 customers · 500 orders   701 ms',
    '! port 4000 is taken by another program; took the next free one',
    'http://localhost:4001/graphql',
    'ada@example.test / demo',
    'x-api-key: pk_demo_partner',
    'http://localhost:6000/admin/ledger',
    'first federated answer after 1.23 s',
  ])('has: %s', (text) => expect(readyBlock(ready)).toContain(text))

  it('has its values one below the other', () => {
    const rows = readyBlock(ready)
      .split('\n')
      .filter((line) => line.includes('http://localhost:4001'))
    expect(new Set(rows.map((line) => line.indexOf('http'))).size).toBe(1)
  })

  it('says how many processes answer, when it is not this one alone', () => {
    expect(readyBlock({ ...ready, workers: 2 })).toContain('2 workers answer the graph')
    expect(readyBlock({ ...ready, workers: 1 })).not.toContain('workers')
  })

  it('says where data is kept, and that there is none', () => {
    const { seeded, ...empty } = ready
    expect(seeded).toBeDefined()
    expect(readyBlock({ ...empty, persist: '/data' })).toMatch(/data in \/data\n[\s\S]*· no demo data/)
  })
})

describe('what it says to programs', () => {
  it('is one JSON object a line, the last one that it is ready', () => {
    const lines = readyLines(ready)
    expect(lines.endsWith('\n')).toBe(true)
    const [composed, seeded, last] = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(composed).toEqual({ event: 'composed', subgraphs: ready.subgraphs, ms: 12 })
    expect(seeded).toMatchObject({ event: 'seeded', variants: 1951, ms: 701 })
    expect(last).toMatchObject({ event: 'ready', pid: process.pid, url: ready.url, firstAnswerMs: 1235 })
  })
})

describe('what it says when it cannot start', () => {
  it('is the code and the message of a fault of the world', () => {
    const fault = new Fault('DISK_FULL', 'No room.', { cause: new Error('ENOSPC') })
    expect(explain(fault)).toEqual(['DISK_FULL: No room.'])
  })

  it('has the stack where it is a bug of ours', () => {
    const [, stack] = explain(new Fault('INTERNAL', 'Oops.', { cause: new Error('of ours') }))
    expect(stack).toMatch(/Error: of ours\n\s+at /)
  })
})
