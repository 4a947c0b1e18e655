import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Products of the graph, and edges of each. */
export const PRODUCTS = 20_000
export const EDGES_EACH = 50

export interface GraphSize {
  readonly products: number
  readonly edgesEach: number
}

const MILLION: GraphSize = { products: PRODUCTS, edgesEach: EDGES_EACH }

/** Writes a graph of `alsoBought` edges, a million unless otherwise said, as files for Neptune's bulk loader. */
export async function writeGraph(folder: string, size: GraphSize = MILLION): Promise<void> {
  await pipeline(Readable.from(vertexLines(size)), createWriteStream(join(folder, 'vertices.csv')))
  await pipeline(Readable.from(edgeLines(size)), createWriteStream(join(folder, 'edges.csv')))
}

export function productOf(index: number): string {
  return `P-${index % PRODUCTS}`
}

function* vertexLines({ products }: GraphSize): Generator<string> {
  yield '~id,~label,bought:Double(single)\n'
  for (let i = 0; i < products; i++) yield `product/${productOf(i)},product,${1 + (i % 997) / 7}\n`
}

/** Each product to some others, near and far, of different weights. */
function* edgeLines({ products, edgesEach }: GraphSize): Generator<string> {
  yield '~id,~from,~to,~label,weight:Double\n'
  for (let i = 0; i < products; i++) {
    const from = productOf(i)
    let lines = ''
    for (let k = 1; k <= edgesEach; k++) {
      const to = productOf((i + (k * (k + 1)) / 2) % products)
      lines += `alsoBought/${from}/${to},product/${from},product/${to},alsoBought,${((i * 31 + k * 17) % 1009) / 10}\n`
    }
    yield lines
  }
}
