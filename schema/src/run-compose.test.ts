import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCompose } from './run-compose.ts'

let folder: string
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stoa-compose-'))
  await writeFile(at('a.graphql'), 'type Query { ada: String }')
  await writeFile(at('b.graphql'), 'type Query { bo: String }')
  await writeFile(at('bad.graphql'), 'type Query {\n  cleo: }')
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run compose', () => {
  it('writes a supergraph with the URLs it is told', async () => {
    const url = 'http://bo@127.0.0.1:4102/graphql'
    const told = await runCompose([`a=${at('a.graphql')}`, `b=${at('b.graphql')}@${url}`, '--out', at('out')])
    expect(told).toEqual({ text: `wrote ${at('out')}\n`, problems: [] })
    const supergraph = await readFile(at('out'), 'utf8')
    expect(supergraph).toContain(`@join__graph(name: "b", url: "${url}")`)
    expect(supergraph).toContain('@join__graph(name: "a", url: "")')
  })

  it('names all mistakes at once', async () => {
    const { problems } = await runCompose([
      ...['a', `b=${at('gone')}`, `c=${at('a.graphql')}@ftp://c`, `c=${at('a.graphql')}`],
      ...['--bogus', '--out='],
    ])
    const expected = [
      /^--bogus: there is no/,
      /^--out: expected/,
      /^c: .* got several/,
      /got "a"/,
      /gone\.$/,
      /ftp/,
    ]
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  })

  it('names file and line of what does not compose', async () => {
    const { problems } = await runCompose([`a=${at('bad.graphql')}`])
    expect(problems).toEqual([expect.stringMatching(/^SYNTAX_ERROR at .*bad\.graphql:2: /)])
  })
})
