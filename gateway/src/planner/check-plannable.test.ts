import { describe, expect, it } from '@jest/globals'
import { composed, openFixture } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'

describe('a supergraph of another composer', () => {
  it('is refused when it fills arguments from a context, with the names of the fields', async () => {
    await using fixture = await openFixture(shop)
    const filled = composed(shop).replace(
      '  weight: Int',
      '  weight: Int @join__field(graph: CATALOG, contextArguments: [{}])',
    )
    expect(() => fixture.gateway.swap(filled)).toThrow(/from a context.*Product\.weight.*@requires/)
    await expect(fixture.gateway.reload(filled)).rejects.toMatchObject({ code: 'BAD_SCHEMA' })
    expect((await fixture.ask('{ products { weight } }')).errors).toBeUndefined()
  })
})
