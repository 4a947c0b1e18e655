import { connect } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import { chainOfCauses } from './chain-of-causes.ts'

const cannotBeReached = (cause: unknown): Fault =>
  new Fault('UPSTREAM_UNAVAILABLE', 'No connection.', { cause })

/** From a port that nobody listens on. */
async function refused(host: string): Promise<Error> {
  return await new Promise((resolve) => connect({ host, port: 1 }).on('error', resolve))
}

describe('a chain of causes', () => {
  it('names the address that could not be reached', async () => {
    const said = chainOfCauses(cannotBeReached(await refused('127.0.0.1')))
    expect(said).toBe('No connection. < connect ECONNREFUSED 127.0.0.1:1')
  })

  it('names one of several addresses, and a host that has none', async () => {
    const tried = new AggregateError([new Error('connect ECONNREFUSED ::1:1')], '')
    const all = Object.assign(tried, { code: 'ECONNREFUSED' })
    expect(chainOfCauses(cannotBeReached(all))).toBe(
      'No connection. < (ECONNREFUSED) < connect ECONNREFUSED ::1:1',
    )
    const unknown = await refused('nowhere.invalid')
    expect(chainOfCauses(cannotBeReached(unknown))).toMatch(/nowhere\.invalid/)
  })

  it('adds the code that a message lacks', () => {
    const tls = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(chainOfCauses(cannotBeReached(tls))).toBe(
      'No connection. < self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
    )
  })

  it('quotes no text that could not be read, and stays one short line', () => {
    const syntax = new SyntaxError('Unexpected token a in "ada@example.org"')
    expect(chainOfCauses(cannotBeReached(syntax))).toBe('No connection. < SyntaxError')
    expect(chainOfCauses(new Error(`a\n${'b'.repeat(1_000)}`))).toMatch(/^a b{498}$/)
    const loop = new Error('again')
    loop.cause = loop
    expect(chainOfCauses(loop)).toBe('again')
  })
})
