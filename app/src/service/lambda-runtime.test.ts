import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import { playLambda } from './lambda-api.fixture.ts'
import { refuseInvocations, serveInvocations } from './lambda-runtime.ts'

describe('the runtime API of Lambda', () => {
  it('is asked for one invocation after the other, and answered under the id of each', async () => {
    await using lambda = await playLambda()
    const stop = new AbortController()
    const seen: unknown[] = []
    const serving = serveInvocations({
      api: lambda.api,
      signal: stop.signal,
      handle: async (invocation) => {
        seen.push(invocation)
        return { handled: seen.length }
      },
    })
    lambda.invoke({ id: 'one', deadline: 1_542_409_706_888, trace: TRACE })
    expect(await lambda.answered()).toEqual({ path: 'invocation/one/response', body: { handled: 1 } })
    lambda.invoke({ id: 'two', deadline: 1_542_409_706_999 })
    expect(await lambda.answered()).toEqual({ path: 'invocation/two/response', body: { handled: 2 } })
    expect(seen).toEqual([
      {
        id: 'one',
        deadline: 1_542_409_706_888,
        traceparent: '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
      },
      { id: 'two', deadline: 1_542_409_706_999 },
    ])
    stop.abort()
    await serving
  })

  it('is told what failed by its code, without where, and goes on', async () => {
    await using lambda = await playLambda()
    const stop = new AbortController()
    const serving = serveInvocations({
      api: lambda.api,
      signal: stop.signal,
      handle: async ({ id }) => {
        if (id === 'bad') throw new Fault('STORE_UNAVAILABLE', 'DynamoDB cannot be reached.')
        return {}
      },
    })
    lambda.invoke({ id: 'bad', deadline: 1 })
    expect(await lambda.answered()).toEqual({
      path: 'invocation/bad/error',
      type: 'STORE_UNAVAILABLE',
      body: {
        errorType: 'STORE_UNAVAILABLE',
        errorMessage: 'DynamoDB cannot be reached.',
        stackTrace: [],
      },
    })
    lambda.invoke({ id: 'good', deadline: 1 })
    expect(await lambda.answered()).toMatchObject({ path: 'invocation/good/response' })
    stop.abort()
    await serving
  })

  it('is told when this environment cannot be used at all', async () => {
    await using lambda = await playLambda()
    await refuseInvocations(lambda.api, new Fault('BAD_CONFIG', 'AWS_REGION: got nothing'))
    expect(await lambda.answered()).toMatchObject({ path: 'init/error', type: 'BAD_CONFIG' })
  })

  it('is a fault when it is away, or not as documented', async () => {
    const options = { signal: new AbortController().signal, handle: async () => ({}) }
    await expect(serveInvocations({ ...options, api: '127.0.0.1:1' })).rejects.toThrow(/ECONNREFUSED/)
    await using lambda = await playLambda()
    lambda.invoke({ id: 'late', deadline: Number.NaN })
    await expect(serveInvocations({ ...options, api: lambda.api })).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    })
  })
})

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
