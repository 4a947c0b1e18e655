import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { defaultLimits } from '../limits.ts'

/** `fragment Fi on Query { p: product(id: 1) { id } ...Fi+1 ...Fi+1 }`, doubling at each level. */
function bomb(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, i) => `fragment F${i} on Query{...F${i + 1} ... {...F${i + 1}}}`,
  )
  return `{...F0}${fragments.join('')}fragment F${levels} on Query{__typename}`
}

function circle(length: number): string {
  const fragments = Array.from({ length }, (_, i) => `fragment F${i} on Query{...F${(i + 1) % length}}`)
  return `{...F0}${fragments.join('')}`
}

const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth)

const hostile: readonly (readonly [what: string, document: string, code: string])[] = [
  ['20 nested fragments that double', bomb(20), 'TOO_MANY_SELECTIONS'],
  ['60 nested fragments that double', bomb(60), 'TOO_MANY_SELECTIONS'],
  ['1,000 repeats of one field', `{${'product(id:1){id}'.repeat(1_000)}}`, 'TOO_MANY_TOKENS'],
  [
    '400 repeats of one field in fragments',
    `{...A ...B} fragment A on Query{${'latest{id}'.repeat(100)}} fragment B on Query{${'latest{id}'.repeat(100)}}`,
    'TOO_MANY_REPEATS',
  ],
  ['fields 3,000 deep', deep('{a', '}', 3_000), 'TOO_DEEP'],
  ['fields 21 deep', `${deep('{product', '}', 20).slice(0, 160)}{id}${'}'.repeat(20)}`, 'TOO_DEEP'],
  [
    'fields deep by fragments',
    `{latest{...A}} fragment A on Review{${'product{reviews{'.repeat(10)}id${'}}'.repeat(10)}}`,
    'TOO_DEEP',
  ],
  ['lists 3,000 deep in a literal', `{product(id:${deep('[', ']', 3_000)}){id}}`, 'TOO_DEEP'],
  ['1 MB of "a "', `{${'a '.repeat(524_288)}}`, 'BODY_TOO_LARGE'],
  ['250 kB of "a "', `{${'a '.repeat(125_000)}}`, 'TOO_MANY_TOKENS'],
  ['10,000 directives', `{products${' @skip(if:false)'.repeat(10_000)}{id}}`, 'TOO_MANY_DIRECTIVES'],
  ['10,000 unknown directives', `{products${'@aa'.repeat(10_000)}{id}}`, 'TOO_MANY_DIRECTIVES'],
  [
    '101 aliases',
    `{${Array.from({ length: 101 }, (_, i) => `a${i}:__typename`).join(' ')}}`,
    'TOO_MANY_ALIASES',
  ],
  [
    '21 fields at the root',
    `{${Array.from({ length: 21 }, (_, i) => `a${i}:latest{id}`).join(' ')}}`,
    'TOO_MANY_ROOT_FIELDS',
  ],
  ['a comment that never ends', `{ products { id } } #${'x'.repeat(200_000)}`, ''],
  ['a string that never ends', `{ product(id: "${'x'.repeat(10_000)}`, 'DOCUMENT_UNPARSABLE'],
  ['a block string that never ends', `{ product(id: """${'x'.repeat(10_000)}`, 'DOCUMENT_UNPARSABLE'],
  [
    'introspection in circles',
    '{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}',
    'DOCUMENT_INVALID',
  ],
  ['nothing', ' # nothing', 'DOCUMENT_UNPARSABLE'],
  ['a reserved alias', '{ __proto__: __typename }', 'NAME_RESERVED'],
  ['a reserved variable', 'query($__proto__: ID) { product(id: $__proto__) { id } }', 'NAME_RESERVED'],
  ['names of a prototype', '{ constructor: __typename toString: __typename hasOwnProperty: __typename }', ''],
]

describe('a document that asks for too much', () => {
  it.each(hostile)('%s: refused, and nothing is fetched', async (_what, query, code) => {
    await using fixture = await openFixture(shop)
    const answer = await fixture.ask(query)
    expect(answer.errors?.[0]?.extensions.code ?? '').toBe(code)
    if (code !== '') expect(fixture.asked).toEqual([])
  })

  it.each(Array.from({ length: 10 }, (_, i) => i + 1))(
    'a circle of %s fragments is named by validation',
    async (length) => {
      await using fixture = await openFixture(shop)
      expect((await fixture.ask(circle(length))).errors?.[0]).toMatchObject({
        message: expect.stringMatching(/Cannot spread fragment "F0" within itself/),
        extensions: { code: 'DOCUMENT_INVALID' },
      })
    },
  )

  it('is told which limit it passed, and by how much', async () => {
    await using fixture = await openFixture(shop)
    expect((await fixture.ask(bomb(20))).errors).toEqual([
      {
        message:
          'Selections with fragments expanded: at most 2000 allowed, got 4194302 or more. Ask for less in one request.',
        extensions: { code: 'TOO_MANY_SELECTIONS', limit: 2_000, got: 4_194_302 },
      },
    ])
  })

  it('may ask for more when limits say so', async () => {
    const limits = { adHoc: { ...defaultLimits.adHoc, aliases: 3 } }
    await using fixture = await openFixture(shop, { limits })
    const three = '{ a: __typename b: __typename c: __typename }'
    expect((await fixture.ask(three)).errors).toBeUndefined()
    expect((await fixture.ask(three.replace('}', 'd: __typename }'))).errors?.[0]?.extensions.code).toBe(
      'TOO_MANY_ALIASES',
    )
  })

  it('counts strings, comments and numbers as one token each, whatever is in them', async () => {
    await using fixture = await openFixture(shop, {
      limits: { adHoc: { ...defaultLimits.adHoc, tokens: 11 } },
    })
    const filler = '{ ( [ @a "" '.repeat(50)
    const query = `# ${filler}\n{ product(id: """${filler.replaceAll('"', '')} \\""" """) { id } }`
    expect(await fixture.ask(query)).toEqual({ data: { product: null } })
    expect((await fixture.ask(query.replace('id }', 'id name }'))).errors?.[0]?.extensions.code).toBe(
      'TOO_MANY_TOKENS',
    )
  })
})

describe('variables', () => {
  const query = 'query($id: ID!) { product(id: $id) { name } }'
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => [inner], 1)

  it.each([
    ['nest too deep', { id: nested(33) }, 'JSON_TOO_DEEP'],
    ['use a reserved key', JSON.parse('{"id": {"__proto__": 1}}'), 'NAME_RESERVED'],
    ['lack what is required', {}, 'VARIABLES_INVALID'],
    ['are null where they must not be', { id: null }, 'VARIABLES_INVALID'],
    ['are of another type', { id: 1.5 }, 'VARIABLES_INVALID'],
  ])('that %s are refused before anything is fetched', async (_what, variables, code) => {
    await using fixture = await openFixture(shop)
    expect((await fixture.ask(query, variables)).errors?.[0]?.extensions.code).toBe(code)
    expect(fixture.asked).toEqual([])
  })
})
