import { describe, expect, it } from '@jest/globals'
import { helpText, parseServeOptions } from './options.ts'

describe('the command line of the gateway', () => {
  it('needs a supergraph alone; the rest has defaults for development', () => {
    expect(parseServeOptions(['--supergraph', 'a.graphql'])).toEqual({
      ok: true,
      value: {
        help: false,
        supergraph: 'a.graphql',
        port: 4000,
        host: '127.0.0.1',
        urls: new Map(),
        subscriptions: new Map(),
        origins: [],
        trusted: undefined,
        secretFile: undefined,
        issuer: undefined,
        rate: undefined,
        redisFile: undefined,
        proxies: 0,
        share: false,
        labels: [],
        workers: 1,
        production: false,
      },
    })
  })

  it('takes everything it names in its help', () => {
    const args = [
      ...['--supergraph=a.graphql', '--port', '0', '--host', '::1', '--trusted', 'd.json', '--share'],
      ...[
        '--subgraph',
        'a=http://a/graphql?x=1',
        '--subgraph',
        'b=https://b',
        '--workers',
        '4',
        '--label',
        'new-stock',
        '--label',
        'new-price',
        ...['--subscriptions', 'a=ws', '--subscriptions', 'b=wss://b/live'],
        ...['--origin', 'https://shop.example', '--secret-file', 's'],
        ...[
          '--issuer',
          'https://login.example',
          '--audience',
          'stoa',
          '--audience',
          'shop',
          '--rate',
          '20:50',
        ],
        ...['--redis-file', 'r', '--proxies', '1'],
        '--production',
      ],
    ]
    const parsed = parseServeOptions(args)
    expect(parsed).toMatchObject({ ok: true, value: { port: 0, host: '::1', share: true, workers: 4 } })
    expect(parsed.ok && parsed.value.labels).toEqual(['new-stock', 'new-price'])
    expect(parsed.ok && [...parsed.value.urls]).toEqual([
      ['a', 'http://a/graphql?x=1'],
      ['b', 'https://b'],
    ])
    expect(parsed.ok && [...parsed.value.subscriptions]).toEqual([
      ['a', 'ws'],
      ['b', 'wss://b/live'],
    ])
    expect(parsed.ok && parsed.value.issuer).toEqual({
      issuer: 'https://login.example',
      audience: ['stoa', 'shop'],
      jwks: 'https://login.example/.well-known/openid-configuration',
    })
    expect(parsed.ok && parsed.value.rate).toEqual({ perSecond: 20, capacity: 50 })
    expect(parsed.ok && parsed.value.origins).toEqual(['https://shop.example'])
    for (const [flag = ''] of args.join(' ').matchAll(/--[a-z]+/g)) expect(helpText).toContain(flag)
  })

  it('names all problems at once', () => {
    const parsed = parseServeOptions([
      ...['--prot', '1', '--port', '70000', '--workers', '0', '--subgraph', 'a', '--subgraph', 'b=ftp://b'],
      ...['--subscriptions', 'c=mqtt', '--subscriptions', 'c=ws', '--subscriptions', 'c=sse'],
      ...['--origin', 'shop.example/'],
      ...['--subgraph', 'c=http://c', '--subgraph', 'c=http://d', '--share=no', '--production', '--host'],
    ])
    const problems = parsed.ok ? [] : parsed.error
    const expected = [
      /^--prot: there is no such option\. Known: --supergraph, /,
      /^--share: expected no value/,
      /^"1": expected only options/,
      /^--port: expected a whole number from 0 to 65535, got "70000"/,
      /^--host: expected one value, got ""/,
      /^--subgraph: expected NAME=URL, got "a"/,
      /^--subgraph: expected an http: or https: URL, got "b=ftp/,
      /^--subgraph: expected one URL for c, got "c=http:\/\/d"/,
      /^--subscriptions: expected NAME=sse, .*, got "c=mqtt"/,
      /^--subscriptions: expected one way for c, got "c=sse"/,
      /^--origin: expected scheme and host .*, got "shop.example\/"/,
      /^--workers: expected a whole number from 1 to 256, got "0"/,
      /^--supergraph: expected a file, got none/,
      /^--production: .* Add --trusted FILE/,
    ]
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  })

  it('asks for nothing when help is wanted', () => {
    expect(parseServeOptions(['--help'])).toMatchObject({ ok: true, value: { help: true } })
  })
})
