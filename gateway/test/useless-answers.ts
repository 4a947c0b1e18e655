import type { Socket } from 'node:net'
import { type Misbehaviour, response } from './hostile-subgraph.ts'
import { bytes, dripping, endless, MOST_SENT, mangle, say } from './misbehave.ts'

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const KILOBYTES_64 = 'x'.repeat(65_536)
const destroy = (socket: Socket): void => void socket.destroy()
const reset = (socket: Socket): void => void socket.resetAndDestroy()

const deep = (open: string, inside: string, close: string): string =>
  open.repeat(100_000) + inside + close.repeat(100_000)

/** Nothing of the answer can be used: each field of this subgraph is null with this code, the rest is served. */
export const useless: Readonly<Record<string, readonly [code: string, misbehaviour: Misbehaviour]>> = {
  'no answer at all': ['SUBGRAPH_TIMEOUT', () => {}],
  'a byte now and then': [
    'SUBGRAPH_TIMEOUT',
    dripping(`${HEAD}content-length: 500\r\n\r\n${'x'.repeat(500)}`),
  ],
  'a head byte by byte': ['SUBGRAPH_TIMEOUT', dripping(`${HEAD}x: ${'x'.repeat(500)}`)],
  'half of what was announced': ['SUBGRAPH_TIMEOUT', bytes(`${HEAD}content-length: 50\r\n\r\n{"data":`)],
  'a closed connection': ['SUBGRAPH_UNAVAILABLE', destroy],
  'a reset connection': ['SUBGRAPH_UNAVAILABLE', reset],
  'a reset within the head': ['SUBGRAPH_UNAVAILABLE', bytes(HEAD, reset)],
  'a reset within the body': [
    'SUBGRAPH_UNAVAILABLE',
    bytes(`${HEAD}content-length: 50\r\n\r\n{"data":`, reset),
  ],
  'a reset within a chunk': [
    'SUBGRAPH_UNAVAILABLE',
    bytes(`${HEAD}transfer-encoding: chunked\r\n\r\nff\r\n{"data":`, reset),
  ],
  'what is not HTTP': ['SUBGRAPH_INVALID', bytes('SSH-2.0-OpenSSH_9.2p1\r\n\r\n')],
  'a chunk without a size': ['SUBGRAPH_INVALID', bytes(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`)],
  'two lengths': ['SUBGRAPH_INVALID', bytes(`${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`)],
  '100 MB as announced': [
    'SUBGRAPH_INVALID',
    endless(`${HEAD}content-length: ${MOST_SENT}\r\n\r\n`, KILOBYTES_64),
  ],
  '100 MB in chunks': [
    'SUBGRAPH_INVALID',
    endless(`${HEAD}transfer-encoding: chunked\r\n\r\n`, `10000\r\n${KILOBYTES_64}\r\n`),
  ],
  '100 MB until it closes': ['SUBGRAPH_INVALID', endless(`${HEAD}connection: close\r\n\r\n`, KILOBYTES_64)],
  '100 MB of head': ['SUBGRAPH_INVALID', endless('HTTP/1.1 200 OK\r\n', `x: ${KILOBYTES_64}\r\n`)],
  '100 MB of interim heads': ['SUBGRAPH_INVALID', endless('', `HTTP/1.1 103 Early\r\n\r\n`.repeat(1_000))],
  'HTML with 200': ['SUBGRAPH_INVALID', say('<html>', { 'content-type': 'text/html' })],
  'HTML with 502': [
    'SUBGRAPH_UNAVAILABLE',
    say('<html>', { 'content-type': 'text/html', status: '502 Bad Gateway' }),
  ],
  'a redirect': [
    'SUBGRAPH_INVALID',
    say('', { status: '302 Found', location: 'http://10.0.0.7/', 'content-type': 'text/plain' }),
  ],
  'a refusal of ours': ['SUBGRAPH_INVALID', say('{"errors":[]}', { status: '401 Unauthorized' })],
  'bytes packed with gzip': [
    'SUBGRAPH_INVALID',
    say(Buffer.from('1f8b0800', 'hex'), { 'content-encoding': 'gzip' }),
  ],
  nothing: ['SUBGRAPH_INVALID', say('')],
  'half of the JSON': ['SUBGRAPH_INVALID', (socket, body) => void socket.write(response(body.slice(0, -5)))],
  'JSON and more': ['SUBGRAPH_INVALID', (socket, body) => void socket.write(response(`${body} {}`))],
  'a byte that is not UTF-8': [
    'SUBGRAPH_INVALID',
    (socket, body) => void socket.write(response(Buffer.from(body.replace(/Good|Fine/, '\xff'), 'latin1'))),
  ],
  'a list': ['SUBGRAPH_INVALID', say('[]')],
  text: ['SUBGRAPH_INVALID', say('"data"')],
  null: ['SUBGRAPH_INVALID', say('null')],
  'an object that is no answer': ['SUBGRAPH_INVALID', say('{"ok":true}')],
  'errors that are no errors': [
    'SUBGRAPH_INVALID',
    mangle(/\}$/, ',"errors":[null,1,"x",[],{"message":{"a":1}}]}'),
  ],
  'data that is a list': ['SUBGRAPH_INVALID', say('{"data":[]}')],
  'data that is text': ['SUBGRAPH_INVALID', say('{"data":"x"}')],
  'data without what was asked': ['SUBGRAPH_INVALID', say('{"data":{}}')],
  'arrays 100,000 deep': ['SUBGRAPH_INVALID', say(`{"data":${deep('[', '', ']')}}`)],
  'objects 100,000 deep in extensions': [
    'SUBGRAPH_INVALID',
    say(`{"data":null,"extensions":${deep('{"a":', '1', '}')}}`),
  ],
}
