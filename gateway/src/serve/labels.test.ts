import { describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { startGateway } from '../../test/gateway-program.ts'
import { serveShop } from '../../test/served-shop.ts'
import { checkLabels, uselessLabels } from './labels.ts'

const parts = {
  old: {
    sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! price: Int stock: Int }',
  },
  new: {
    sdl: `type Item @key(fields: "id") { id: ID! price: Int @override(from: "old", label: "percent(30)")
      stock: Int @override(from: "old", label: "new-stock") }`,
  },
}
const supergraph = composed(parts)
const path = 'shop.graphql'

describe('labels on the command line', () => {
  it('are of use when some field has them', () => {
    expect(uselessLabels({ labels: ['new-stock'], supergraph, path })).toBeUndefined()
    expect(uselessLabels({ labels: [], supergraph: 'never read', path })).toBeUndefined()
  })

  it('are refused when none has, with those there are by name', () => {
    expect(() => checkLabels({ labels: ['new-stock', 'nope'], supergraph, path })).toThrow(
      'the supergraph has: nope. It has: new-stock.',
    )
  })

  it('are only warned of when a later supergraph has them no more', async () => {
    await using served = await serveShop(parts)
    await using gateway = await startGateway('--supergraph', served.file, '--label', 'new-stock')
    await served.offer(served.supergraphOf(parts).replaceAll('"new-stock"', '"newer-stock"'))
    expect(await gateway.said('a label does nothing now')).toMatchObject({
      reason: expect.stringContaining('It has: newer-stock.'),
    })
  })
})
