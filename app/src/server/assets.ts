import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { type Handler, sendProblem } from './router.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const NAMES = [
  'events.js',
  'sandbox-workers.js',
  'sandbox.css',
  'sandbox.js',
  'stoa.css',
  'stoa.svg',
] as const

/** Files of the pages: a closed list, so no path of a request ever reaches the disk. */
export const sendAsset: Handler = (_request, response, url) => {
  const name = NAMES.find((candidate) => url.pathname === `/assets/${candidate}`)
  if (!name) return sendProblem(response, 404, { code: 'NOT_FOUND', message: `There is no ${url.pathname}.` })
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  })
  response.end(readFileSync(new URL(`../assets/${name}`, import.meta.url)))
}
