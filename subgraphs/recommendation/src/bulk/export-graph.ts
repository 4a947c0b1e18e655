import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { edgeHeader, edgeLine, vertexHeader, vertexLine } from './bulk-rows.ts'
import { type GraphSource, readGraph } from './graph-rows.ts'

export const VERTICES = 'vertices.csv'
export const EDGES = 'edges.csv'

export interface Exported {
  readonly vertices: number
  readonly edges: number
}

/**
 * Writes the graph as two files for Neptune's bulk loader, `vertices.csv` and `edges.csv`; load them with
 * `updateSingleCardinalityProperties`, as a row may come twice. Holds a page of it in memory at a time.
 */
export async function exportGraph(source: GraphSource, folder: string): Promise<Exported> {
  await mkdir(folder, { recursive: true })
  const vertexFile = createWriteStream(join(folder, VERTICES))
  const edgeFile = createWriteStream(join(folder, EDGES))
  const written = Promise.all([finished(vertexFile), finished(edgeFile)])
  // What fails while nobody waits for it is told at the end.
  written.catch(() => {})
  let [vertices, edges] = [0, 0]
  await write(vertexFile, vertexHeader)
  await write(edgeFile, edgeHeader)
  for await (const part of readGraph(source)) {
    await write(vertexFile, part.vertices.map(vertexLine).join(''))
    await write(edgeFile, part.edges.map(edgeLine).join(''))
    vertices += part.vertices.length
    edges += part.edges.length
  }
  vertexFile.end()
  edgeFile.end()
  await written
  return { vertices, edges }
}

/** Waits until the file has taken it: what is not written yet must not pile up. */
function write(file: WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    file.write(text, (reason) => (reason ? reject(reason) : resolve()))
  })
}
