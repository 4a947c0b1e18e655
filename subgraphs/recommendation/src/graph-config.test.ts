import { describe, expect, it } from '@jest/globals'
import { readGraphConfig } from './graph-config.ts'

describe('the configuration of the graph', () => {
  it('names no database, one, or one that wants signatures', () => {
    expect(readGraphConfig({})).toBeUndefined()
    expect(readGraphConfig({ GRAPH_URL: '', GRAPH_REGION: '' })).toBeUndefined()
    expect(readGraphConfig({ GRAPH_URL: 'ws://127.0.0.1:8182/gremlin' })).toEqual({
      url: 'ws://127.0.0.1:8182/gremlin',
    })
    expect(
      readGraphConfig({ GRAPH_URL: 'wss://graph.example:8182/gremlin', GRAPH_REGION: 'eu-south-1' }),
    ).toEqual({
      url: 'wss://graph.example:8182/gremlin',
      region: 'eu-south-1',
    })
  })

  it.each([
    [{ GRAPH_URL: 'https://graph.example' }, /GRAPH_URL: got something else/],
    [{ GRAPH_URL: 'wss://graph.example', GRAPH_REGION: 'Milan' }, /GRAPH_REGION: got something else/],
    [{ GRAPH_REGION: 'eu-south-1' }, /GRAPH_URL: got nothing/],
    [{ GRAPH_URL: 'x', GRAPH_REGION: 'y' }, /GRAPH_URL.*\n.*GRAPH_REGION/],
  ])('refuses %j', (env, message) => {
    expect(() => readGraphConfig(env)).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    )
  })
})
