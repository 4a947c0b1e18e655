import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { sendProblem } from '../server/router.ts'

/** Scripts of Hive Laboratory, out of its npm package: 22 MB to import, so only when somebody opens the sandbox. */
interface LaboratoryFiles {
  readonly files: ReadonlyMap<string, CompressedFile>
}

interface CompressedFile {
  readonly plain: Buffer
  readonly gzip: Buffer
}

const compress = promisify(gzip)
let loading: Promise<LaboratoryFiles> | undefined

/** Answers `/sandbox/files/<name>.js`. */
export async function sendSandboxFile(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  loading ??= loadFiles()
  const name = url.pathname.slice('/sandbox/files/'.length)
  const file = (await loading).files.get(name)
  if (!file)
    return sendProblem(response, 404, { code: 'NOT_FOUND', message: `The sandbox has no file "${name}".` })
  const zipped = String(request.headers['accept-encoding'] ?? '').includes('gzip')
  response.writeHead(200, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=86400',
    vary: 'accept-encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(zipped ? file.gzip : file.plain)
}

async function loadFiles(): Promise<LaboratoryFiles> {
  const lab = await import('@graphql-hive/render-laboratory/laboratory')
  const sources: Readonly<Record<string, string>> = {
    'laboratory.js': lab.js,
    'editor-worker.js': lab.editorWorkerService,
    'graphql-worker.js': lab.graphqlWorker,
    'json-worker.js': lab.jsonWorker,
    'typescript-worker.js': lab.typescriptWorker,
  }
  const entries = Object.entries(sources).map(async ([name, text]) => {
    const plain = Buffer.from(text)
    return [name, { plain, gzip: await compress(plain, { level: 4 }) }] as const
  })
  return { files: new Map(await Promise.all(entries)) }
}
