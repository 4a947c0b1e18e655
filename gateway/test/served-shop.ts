import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestContext, Subgraph } from '@stoa/platform/subgraph'
import { digestOf } from '../src/serve/digest.ts'
import { composed, openPart, type PartOfGraph } from './fixture.ts'

/** Subgraphs behind HTTP, and the file of their supergraph. */
export interface ServedShop extends AsyncDisposable {
  readonly folder: string
  readonly file: string
  readonly urls: Readonly<Record<string, string>>
  /** A path for another file. */
  readonly path: (name: string) => string
  /** With the URLs in it. */
  supergraphOf(parts: Readonly<Record<string, PartOfGraph>>): string
  /** Puts another text in the file's place at once, as deployments do. */
  replace(text: string): Promise<void>
  /** The same; answers how the gateway will name it. */
  offer(text: string): Promise<{ readonly supergraph: string }>
}

/** Serves each part over HTTP, and writes the supergraph of those in `first` (default: all). */
export async function serveShop(
  parts: Readonly<Record<string, PartOfGraph>>,
  first: Readonly<Record<string, PartOfGraph>> = parts,
): Promise<ServedShop> {
  await using opening = new AsyncDisposableStack()
  const urls: Record<string, string> = {}
  for (const [name, part] of Object.entries(parts)) {
    const served = opening.use(await serve(opening.use(await openPart(name, part))))
    urls[name] = served.url
  }
  const folder = await mkdtemp(join(tmpdir(), 'stoa-gateway-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'supergraph.graphql')
  const supergraphOf: ServedShop['supergraphOf'] = (wanted) =>
    composed(wanted).replace(
      NAMED,
      (_all, name: string) => `@join__graph(name: "${name}", url: "${urls[name]}")`,
    )
  await writeFile(file, supergraphOf(first))
  const replace = async (text: string): Promise<void> => {
    await writeFile(join(folder, 'next'), text)
    await rename(join(folder, 'next'), file)
  }
  const opened = opening.move()
  return {
    ...{ folder, file, urls, supergraphOf, replace, path: (name) => join(folder, name) },
    async offer(text) {
      await replace(text)
      return { supergraph: digestOf(text) }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const NAMED = /@join__graph\(name: "(\w+)", url: "[^"]*"\)/g

export function withoutUrls(supergraph: string): string {
  return supergraph.replace(NAMED, '@join__graph(name: "$1", url: "")')
}

/** A subgraph as any GraphQL server has it: no context of ours, plain JSON. */
async function serve(subgraph: Subgraph): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const { query, operationName, variables } = JSON.parse(await textOf(request))
    const answer = await subgraph.execute({ query, operationName, variables, context })
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

const context: RequestContext = {
  principal: { kind: 'anonymous' },
  market: '',
  language: '',
  correlationId: 'ada-1',
  traceparent: '00-00000000000000000000000000000001-0000000000000001-00',
  deadline: Number.MAX_SAFE_INTEGER,
}
