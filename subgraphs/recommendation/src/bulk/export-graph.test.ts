import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { GremlinConnection } from '../neptune/connection.ts'
import type { GraphPart } from './bulk-rows.ts'
import { exportGraph } from './export-graph.ts'
import { importGraph } from './import-graph.ts'

const tee = { vertices: [{ id: 'product/TEE', label: 'product', bought: 1 }], edges: [] }

async function* parts(...some: readonly (GraphPart | Error)[]): AsyncGenerator<GraphPart> {
  for (const part of some) {
    if (part instanceof Error) throw part
    yield part
  }
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-export-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const nowhere: GremlinConnection = {
  submit: async () => {
    throw new Error('nothing is to be sent')
  },
  [Symbol.asyncDispose]: async () => {},
}

describe('an export of the graph', () => {
  it('has its names when it is whole; one that broke off is begun anew', () =>
    inFolder(async (folder) => {
      const broken = exportGraph(parts(tee, new Error('The graph is away.')), folder)
      await expect(broken).rejects.toThrow('The graph is away.')
      expect((await readdir(folder)).sort()).toEqual(['edges.csv.part', 'vertices.csv.part'])
      await expect(importGraph(nowhere, folder)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining('vertices.csv'),
      })
      expect(await exportGraph(parts(tee), folder)).toEqual({ vertices: 1, edges: 0 })
      expect((await readdir(folder)).sort()).toEqual(['edges.csv', 'vertices.csv'])
    }))

  it('is not written over', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'edges.csv'), '')
      await expect(exportGraph(parts(tee), folder)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await readdir(folder)).toEqual(['edges.csv'])
    }))

  it('is refused where the disk does not take it', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '')
      await expect(exportGraph(parts(tee), join(folder, 'file'))).rejects.toThrow()
    }))
})
