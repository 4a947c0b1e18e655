import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { consumersText, eventTypesText, listConsumers } from './list-consumers.ts'

describe('the consumers of the bus', () => {
  it('are those that deploy/consumers.json has; `node app/src/consumers-main.ts` writes it anew', async () => {
    expect(await committed('consumers.json')).toBe(await consumersText())
  })

  it('tell the events whose types are in deploy/event-types.json', async () => {
    expect(await committed('event-types.json')).toBe(eventTypesText())
  })

  it('are named after the subgraph that consumes, each once', async () => {
    const consumers = await listConsumers()
    expect(consumers.length).toBeGreaterThan(20)
    expect(new Set(consumers.map(({ name }) => name)).size).toBe(consumers.length)
    for (const { name, subgraph } of consumers) expect(name.split('.')[0]).toBe(subgraph)
  })
})

function committed(name: string): Promise<string> {
  return readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8')
}
