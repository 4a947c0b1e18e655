import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@stoa/platform/fault'
import { edgeHeader, edgeLine, type GraphPart, vertexHeader, vertexLine } from './bulk-rows.ts'

export const VERTICES = 'vertices.csv'
export const EDGES = 'edges.csv'

/** Rows so far, or all of them. */
export interface Moved {
  readonly vertices: number
  readonly edges: number
}

/**
 * Writes a graph as two files for Neptune's bulk loader, `vertices.csv` and `edges.csv`; load them with
 * `updateSingleCardinalityProperties`, as a row may come twice. They get their names when they are whole: an export that broke
 * off leaves `.part` files, which the next one begins anew. Holds a part in memory at a time. Throws CONFLICT where
 * there is an export already.
 */
export async function exportGraph(
  parts: AsyncIterable<GraphPart>,
  folder: string,
  onProgress: (moved: Moved) => void = () => {},
): Promise<Moved> {
  for (const name of [VERTICES, EDGES]) refuseToOverwrite(join(folder, name))
  await mkdir(folder, { recursive: true })
  let [vertices, edges] = [0, 0]
  await using vertexFile = openPart(join(folder, VERTICES))
  await using edgeFile = openPart(join(folder, EDGES))
  await vertexFile.write(vertexHeader)
  await edgeFile.write(edgeHeader)
  for await (const part of parts) {
    await vertexFile.write(part.vertices.map(vertexLine).join(''))
    await edgeFile.write(part.edges.map(edgeLine).join(''))
    vertices += part.vertices.length
    edges += part.edges.length
    onProgress({ vertices, edges })
  }
  await vertexFile.finish()
  await edgeFile.finish()
  return { vertices, edges }
}

function refuseToOverwrite(path: string): void {
  if (existsSync(path))
    throw new Fault('CONFLICT', `Expected a folder without an export, got "${path}". Name another folder.`)
}

interface PartFile extends AsyncDisposable {
  write(text: string): Promise<void>
  /** Gives it its name. */
  finish(): Promise<void>
}

function openPart(path: string): PartFile {
  const part = `${path}.part`
  const file = createWriteStream(part)
  // Told to whoever writes, too.
  file.on('error', () => {})
  const close = async (): Promise<void> => {
    if (!file.closed) await new Promise<void>((resolve) => file.close(() => resolve()))
  }
  return {
    // Waits until the file has taken it: what is not written yet must not pile up.
    write: (text) =>
      new Promise((resolve, reject) => {
        file.write(text, (reason) => (reason ? reject(reason) : resolve()))
      }),
    async finish() {
      await close()
      await rename(part, path)
    },
    [Symbol.asyncDispose]: close,
  }
}
