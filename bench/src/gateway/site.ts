import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startWorker, type Worker } from './command.ts'
import type { Site } from './contestants.ts'
import { composeGraph, expectedAnswer, type QueryName, readQuery, subgraphNames } from './graph.ts'
import { createGraphData } from './graph-data.ts'
import { onCore } from './pin.ts'

/** The subgraphs, running, and what every gateway is asked and must answer. */
export interface OpenSite extends Site, AsyncDisposable {
  readonly subgraphs: Worker
  readonly questions: Readonly<Record<QueryName, Question>>
}

export interface Question {
  readonly query: string
  /** JSON. */
  readonly expected: string
}

export async function openSite(): Promise<OpenSite> {
  const file = fileURLToPath(new URL('./subgraphs-main.ts', import.meta.url))
  const subgraphs = startWorker('subgraphs', onCore('others', [process.execPath, file]))
  // The worker's own answer: a port for each name.
  const ports = (await subgraphs.ask('ports')) as Readonly<Record<string, number>>
  const urls = new Map(subgraphNames.map((name) => [name, `http://127.0.0.1:${ports[name]}/graphql`]))
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-gateway-'))
  const { supergraph, api } = composeGraph(urls)
  const supergraphFile = join(folder, 'supergraph.graphql')
  await writeFile(supergraphFile, supergraph)
  for (const share of [true, false])
    await writeFile(join(folder, `grafbase-${share}.toml`), grafbaseConfig(urls, share))
  const question = (name: QueryName): Question => {
    const query = readQuery(name)
    return { query, expected: JSON.stringify(expectedAnswer(api, createGraphData(), query)) }
  }
  return {
    urls,
    folder,
    supergraphFile,
    subgraphs,
    questions: { heavy: question('heavy'), small: question('small') },
    async [Symbol.asyncDispose]() {
      await subgraphs[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Its command line composes by itself, so it gets the subgraphs' SDL instead of the supergraph. */
function grafbaseConfig(urls: Site['urls'], share: boolean): string {
  const subgraphs = [...urls].map(([name, url]) => {
    const schema = fileURLToPath(new URL(`./graph/${name}.graphql`, import.meta.url))
    return `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${schema}"\n`
  })
  return `[traffic_shaping]\ninflight_deduplication = ${share}\n\n${subgraphs.join('\n')}`
}
