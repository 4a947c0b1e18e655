import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { runShadow } from './run-shadow.ts'

/** Answers each query with what the table says; whoever asks for something else is cut off. */
async function serve(answers: Readonly<Record<string, unknown>>) {
  const server = createServer(async (request, response) => {
    const { query } = JSON.parse(await text(request))
    if (!(query in answers)) return void response.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: answers[query], extensions: { ms: Math.random() } }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function shadow(lines: readonly string[], more: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-shadow-'))
  try {
    const file = join(folder, 'requests.jsonl')
    await writeFile(file, lines.join('\n'))
    let [out, wrong] = ['', '']
    const code = await runShadow(['--requests', file, ...more], {
      stdout: { write: (said) => (out += said) },
      stderr: { write: (said) => (wrong += said) },
    })
    return { code, out, wrong }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const requests = ['{ tee }', '{ lamp }', '{ rug }'].map((query) => JSON.stringify({ query }))
const today = { '{ tee }': { tee: { price: 1999 } }, '{ lamp }': { lamp: [1, 2] }, '{ rug }': { rug: 'red' } }

describe('shadow reads', () => {
  it('find two gateways the same that say the same, whatever is in their extensions', async () => {
    await using a = await serve(today)
    await using b = await serve(today)
    const { code, out } = await shadow(requests, ['--a', a.url, '--b', b.url])
    expect(JSON.parse(out)).toEqual({ name: 'shadow', figures: { requests: 3, same: 3 } })
    expect(code).toBe(0)
  })

  it('name the line and the place where they differ, and who did not answer', async () => {
    await using a = await serve(today)
    await using b = await serve({ '{ tee }': { tee: { price: 2099 } }, '{ lamp }': { lamp: [1, 2] } })
    const { code, out } = await shadow(requests, ['--a', a.url, '--b', b.url, '--at-once', '1'])
    expect(code).toBe(1)
    expect(out).toContain('line 1: the answers differ\n  data.tee.price\n    a 1999\n    b 2099\n')
    expect(out).toMatch(/line 3: the answers differ[\s\S]*unanswered/)
    expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ figures: { same: 1 } })
  })

  it('ask nobody when a line would change something, is no request, or an option is wrong', async () => {
    const urls = ['--a', 'http://127.0.0.1:1', '--b', 'http://127.0.0.1:1']
    const change = await shadow([JSON.stringify({ query: 'mutation { buy }' }), '{'], urls)
    expect(change.wrong).toContain('line 1: expected queries only, got a mutation; leave it out')
    expect(change.wrong).toContain('line 2: expected a JSON object with "query", a text')
    const bad = await shadow([], ['--a', 'ftp://x', '--header', 'secret', '--at-once', '0'])
    expect(bad.code).toBe(1)
    for (const problem of ['--a: expected an http', '--b: expected it, got none', '--header', '--at-once'])
      expect(bad.wrong).toContain(problem)
    expect(bad.wrong).not.toContain('secret')
    expect((await shadow([''], urls)).wrong).toContain('expected a request or more, got none')
  })
})
