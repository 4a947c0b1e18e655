import { afterAll, describe, expect, it } from '@jest/globals'
import { type Answers, openEachWay } from '../../../../test/each-way.ts'

const graph = openEachWay()
afterAll(async () => {
  await graph[Symbol.asyncDispose]()
})

async function agree(query: string, answers: Partial<Answers>): Promise<unknown> {
  const { objects, walked } = await graph.ask(query, answers)
  expect(objects).toEqual(walked)
  return objects
}

function root(data: object): Partial<Answers> {
  return { shop: () => ({ data }) }
}

describe('values from subgraphs in this process', () => {
  it.each([
    ['mood', ['GLAD', null, 'HIDDEN', 'glad', 0, {}]],
    ['id', ['7', 7, 7.5, null, true, ['7']]],
    ['on', [true, false, null, 1, 'true']],
    ['tags', [['a', 'é'], [], null, ['a', null], 'a', [1], { 0: 'a', length: 1 }, [undefined]]],
    ['any', [1, 'x', null, [1, { a: [] }], { b: 1 }, Number.NaN, { toJSON: () => 'other' }]],
    ['tee', [{ __typename: 'Tee', id: 'a' }, [], 7, 'tee', null, { __typename: 'Mug', id: 'a' }, {}]],
  ])('are what the type of %s allows, or missing with an error', async (field, values) => {
    const selection = field === 'tee' ? 'tee { __typename id }' : field
    for (const value of values) await agree(`{ ${selection} }`, root({ [field]: value }))
  })

  it.each([
    [1, 2 ** 31, 0.5, -0, '1', null].map((size) => ({ __typename: 'Tee', id: 'a', size })),
    [0.5, 1, Number.POSITIVE_INFINITY, '1'].map((volume) => ({ __typename: 'Mug', id: 'b', volume })),
    [{ __typename: 'Nothing', id: 'c' }, { id: 'c' }, null, { __typename: 'Mug' }, { __typename: 7 }],
  ])('are told by the types of objects', async (...things) => {
    for (const thing of things)
      await agree('{ things { id ... on Tee { size } ... on Mug { volume } } }', root({ things: [thing] }))
  })

  it.each([undefined, null, 7, [], {}, { data: null }, { data: 7 }, { data: {} }, { errors: [] }])(
    'are missing in an answer like %j',
    async (answer) => {
      await agree('{ id }', { shop: () => answer })
    },
  )

  it('are their own, not what every object or its class has', async () => {
    class Tee {
      readonly __typename = 'Tee'
      get id(): string {
        return 'inherited'
      }
    }
    await agree('{ constructor }', root({}))
    await agree('{ constructor }', root(JSON.parse('{"constructor":"own","__proto__":{"id":"x"}}')))
    await agree('{ tee { id } }', root({ tee: new Tee() }))
    await agree('{ tee { id } }', root({ tee: Object.create({ __typename: 'Tee', id: 'inherited' }) }))
    await agree('{ tee { id } }', root({ tee: Object.assign(new Tee(), { size: 1 }) }))
  })

  it('may be asked for under the names that objects inherit', async () => {
    const data = JSON.parse(
      '{"__proto__":{"polluted":true},"toJSON":"b","hasOwnProperty":"c","tee":{"__typename":"Tee","valueOf":"Tee","constructor":"d"}}',
    )
    const query = '{ toJSON: id hasOwnProperty: id tee { valueOf: __typename constructor: id } }'
    const { objects } = await graph.ask(query, root(data))
    expect(JSON.stringify(objects)).not.toContain('polluted')
    expect(objects).toMatchObject({
      data: { toJSON: 'b', hasOwnProperty: 'c', tee: { valueOf: 'Tee', constructor: 'd' } },
    })
    expect(Object.hasOwn({}, 'tee')).toBe(false)
  })
})

const TEES = '{ things { id ... on Tee { left toString } } tee { left size } }'
const tees = (): object => ({
  things: [
    { __typename: 'Tee', id: 'a' },
    { __typename: 'Tee', id: 'b' },
    { __typename: 'Tee', id: 'a' },
  ],
  tee: { __typename: 'Tee', id: 'a', size: 3 },
})
const known = (left: number): object => ({ __typename: 'Tee', left, toString: `${left} left` })

/** Calls a function for each object and list within. */
function everywhere(value: unknown, change: (object: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const inner of Object.values(value)) everywhere(inner, change)
  // Any object may be changed by whoever made it.
  change(value as Record<string, unknown>)
}

function spoil(value: unknown): void {
  everywhere(value, (object) => {
    for (const key of Object.keys(object)) object[key] = 'spoilt'
  })
}

describe('entities from subgraphs in this process', () => {
  it('are asked for once and shown wherever they are, or null where they are not found', async () => {
    const stock = (): unknown => ({ data: { _entities: [known(1), null], _e0: [known(1), null] } })
    await agree(TEES, { shop: () => ({ data: tees() }), stock })
  })

  it.each([[[known(1)]], [[known(1), known(2), known(3)]], ['none'], [[7, 8]], [[known(1), [known(2)]]]])(
    'may come as anything: %j',
    async (entities) => {
      const stock = (): unknown => ({ data: { _entities: entities, _e0: entities } })
      await agree(TEES, { shop: () => ({ data: tees() }), stock })
    },
  )

  it('do not change when a subgraph changes what it gave or was given', async () => {
    const owner = {
      __typename: 'Owner',
      company: { __typename: 'Company', code: 'c' },
      number: { deep: [1] },
      name: 'Ada',
    }
    const given: unknown[] = []
    const asked: unknown[] = []
    const answers: Answers = {
      shop() {
        const data = {
          any: { list: [1, { two: 2 }] },
          tags: ['x'],
          tee: { __typename: 'Tee', id: 'a', size: 1, owner: structuredClone(owner) },
        }
        given.push(data)
        return { data }
      },
      stock(variables) {
        asked.push(structuredClone(variables))
        for (const data of given) spoil(data)
        spoil(variables)
        const entity = { ...known(4), __typename: 'Tee', town: 'Rome' }
        return { data: { _entities: [entity], _e0: [entity], _e1: [{ ...entity, __typename: 'Owner' }] } }
      },
    }
    const query = '{ any tags tee { id size left owner { name town number company { code } } } }'
    const { objects } = await graph.ask(query, answers)
    expect(objects).toMatchObject({
      data: {
        any: { list: [1, { two: 2 }] },
        tags: ['x'],
        tee: { id: 'a', size: 1, owner: { name: 'Ada', number: { deep: [1] }, company: { code: 'c' } } },
      },
    })
    expect(JSON.stringify(asked)).not.toContain('spoilt')
  })

  it('are not handed to the client by reference, and never changed', async () => {
    const frozen = tees()
    everywhere(frozen, Object.freeze)
    const stock = (): unknown => ({ data: { _entities: [known(1), known(2)], _e0: [known(1), known(2)] } })
    await agree(TEES, { shop: () => Object.freeze({ data: frozen }), stock })
  })

  it('are shown with keys of the type that is theirs, over a wire, too', async () => {
    for (const id of ['a', 7, null, true]) {
      const things = [
        { __typename: 'Tee', id },
        { __typename: 'Tee', id: 'b' },
      ]
      const stock = (): unknown => ({ data: { _entities: [{ left: 1 }, { left: 2 }] } })
      const { walked, objects, bytes } = await graph.ask('{ things { id ... on Tee { left } } }', {
        shop: () => ({ data: { things } }),
        stock,
      })
      expect([objects, bytes]).toEqual([walked, walked])
      expect(JSON.stringify(walked)).toContain('"left":2')
    }
  })
})
