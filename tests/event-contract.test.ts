import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { generateDemoData } from '@stoa/app/demo-data'
import { checkEvent } from '@stoa/schema/events'
import { Ajv2020 } from 'ajv/dist/2020.js'

const schemaFile = new URL('../schema/generated/events.schema.json', import.meta.url)
const validate = new Ajv2020({ strictRequired: false, strictTypes: false }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
)

describe('the facts of the demo shop', () => {
  const orders = generateDemoData({ scale: 0.2, seed: 7 }).orders
  const facts = orders.flatMap(({ orderId, facts }) => facts.map((fact) => ({ ...fact, orderId })))

  it('are as schema/events.graphql declares them', () => {
    expect(facts.length).toBeGreaterThan(200)
    const problems = facts.flatMap(({ event }) => {
      const checked = checkEvent(event)
      return checked.ok ? [] : checked.error
    })
    expect(problems).toEqual([])
  })

  it('are as the published JSON Schema declares them', () => {
    const refused = facts.filter(({ event, at, orderId }, i) => {
      const meta = { correlationId: 'demo', imported: true }
      const travels = {
        id: `e-${i}`,
        at,
        source: 'orders',
        stream: `order-${orderId}`,
        version: i + 1,
        ...event,
        meta,
      }
      return !validate(JSON.parse(JSON.stringify(travels)))
    })
    expect(refused).toEqual([])
  })
})
