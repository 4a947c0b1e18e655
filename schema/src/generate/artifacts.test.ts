import { describe, expect, it } from '@jest/globals'
import { loadDocuments } from '../documents.ts'
import { readApi, readSupergraph, supergraphHeader } from '../supergraph.ts'
import { generateArtifacts } from './artifacts.ts'
import { describeStale } from './freshness.ts'
import { readSubgraphSources } from './subgraph-sources.ts'

const root = new URL('../../../', import.meta.url)

describe('the committed contracts', () => {
  it('are what the generator makes of their sources', async () => {
    const generated = await generateArtifacts(root)
    const problems = generated.ok ? describeStale(root, generated.value) : generated.error
    expect(problems).toEqual([])
  })

  it('say which SDL the supergraph was composed from', () => {
    expect(readSupergraph()).toContain(supergraphHeader(readSubgraphSources(root)))
  })

  it('show heads nothing of the machinery of federation', () => {
    expect(readApi()).not.toMatch(/join__|link__|@key|_entities/)
  })

  it('hold 3 to 20 documents for every head', () => {
    const heads = Map.groupBy(loadDocuments().values(), ({ head }) => head)
    expect([...heads.keys()].sort()).toEqual(['kiosk', 'mobile', 'partner-acme', 'web'])
    for (const documents of heads.values()) {
      expect(documents.length).toBeGreaterThanOrEqual(3)
      expect(documents.length).toBeLessThanOrEqual(20)
    }
  })
})
