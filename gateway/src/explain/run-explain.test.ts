import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { runExplain } from './run-explain.ts'

let folder: string
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stoa-explain-'))
  await writeFile(at('shop.graphql'), composed(shop))
  await writeFile(at('broken.graphql'), 'type Query {\n  a: }')
  await writeFile(at('ada.graphql'), 'query One { products { id } } query Two { products { name } }')
})
afterAll(() => rm(folder, { recursive: true }))

async function problemsOf(...args: readonly string[]): Promise<readonly string[]> {
  const told = await runExplain(args)
  return told.ok ? [] : told.error
}

describe('npm run explain', () => {
  it('explains the operation that is named', async () => {
    const told = await runExplain([
      at('ada.graphql'),
      '--supergraph',
      at('shop.graphql'),
      '--operation',
      'Two',
    ])
    expect(told).toEqual({ ok: true, value: expect.stringContaining('catalog: {products{name}}') })
  })

  it('shows its options when help is wanted', async () => {
    expect(await runExplain(['--help', '--bogus'])).toEqual({
      ok: true,
      value: expect.stringContaining('--variables JSON'),
    })
  })

  it('names all mistakes at once, each on a line', async () => {
    const problems = await problemsOf(
      ...[
        at('gone.graphql'),
        '--supergraph',
        folder,
        '--variables',
        '{bad',
        '--bogus',
        'x',
        '--in-process=1',
      ],
    )
    const expected = [
      /^--bogus: there is no such option\. Known: --supergraph, /,
      /^--in-process: expected no value/,
      /^--variables: expected a JSON object, got "\{bad": .*Example: '\{"detail": true\}'/,
      /^FILE: expected a readable file, got .*gone\.graphql: there is no such file\.$/,
      /^--supergraph: expected a readable file, got .*: it is a folder\.$/,
    ]
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  })

  it('takes one document', async () => {
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/^FILE: expected a GraphQL document, got none/),
    ])
    expect(await problemsOf(at('ada.graphql'), at('ada.graphql'))).toEqual([
      expect.stringMatching(/^FILE: expected one document, got 2: /),
    ])
  })

  it('lists the operations when none or an unknown one is named', async () => {
    const args = [at('ada.graphql'), '--supergraph', at('shop.graphql')]
    expect(await problemsOf(...args)).toEqual([
      expect.stringMatching(/^--operation: expected one of One, Two, .*; got none\.$/),
    ])
    expect(await problemsOf(...args, '--operation', 'Three')).toEqual([
      '--operation: expected one of One, Two; got Three.',
    ])
  })

  it('names the line of a supergraph that is no SDL', async () => {
    expect(await problemsOf(at('ada.graphql'), '--supergraph', at('broken.graphql'))).toEqual([
      expect.stringMatching(/broken\.graphql:2:6: Syntax Error: /),
    ])
  })
})
