import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Products of the graph, and edges of each. */
export const PRODUCTS = 20_000
export const EDGES_EACH = 50

/** Writes a graph of a million `alsoBought` edges, as files for Neptune's bulk loader. */
export async function writeGraph(folder: string): Promise<void> {
  await pipeline(Readable.from(vertexLines()), createWriteStream(join(folder, 'vertices.csv')))
  await pipeline(Readable.from(edgeLines()), createWriteStream(join(folder, 'edges.csv')))
}

export function productOf(index: number): string {
  return `P-${index % PRODUCTS}`
}

function* vertexLines(): Generator<string> {
  yield '~id,~label,bought:Double(single)\n'
  for (let i = 0; i < PRODUCTS; i++) yield `product/${productOf(i)},product,${1 + (i % 997) / 7}\n`
}

/** Each product to fifty others, near and far, of different weights. */
function* edgeLines(): Generator<string> {
  yield '~id,~from,~to,~label,weight:Double\n'
  for (let i = 0; i < PRODUCTS; i++) {
    const from = productOf(i)
    let lines = ''
    for (let k = 1; k <= EDGES_EACH; k++) {
      const to = productOf(i + k * k * 7 + k)
      lines += `alsoBought/${from}/${to},product/${from},product/${to},alsoBought,${((i * 31 + k * 17) % 1009) / 10}\n`
    }
    yield lines
  }
}
