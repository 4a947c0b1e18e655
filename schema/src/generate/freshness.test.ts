import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { describeStale, writeArtifacts } from './freshness.ts'

let folder: string
let root: URL

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoa-'))
  root = pathToFileURL(`${folder}/`)
})
afterEach(() => rmSync(folder, { recursive: true }))

const artifact = { path: 'schema/generated/a.txt', content: 'one\ntwo\nthree\n' }

describe('artifacts on disk', () => {
  it('are written once and fresh afterwards', () => {
    expect(describeStale(root, [artifact])).toEqual(['schema/generated/a.txt is missing'])
    expect(writeArtifacts(root, [artifact])).toEqual([artifact.path])
    expect(readFileSync(join(folder, artifact.path), 'utf8')).toBe(artifact.content)
    expect(describeStale(root, [artifact])).toEqual([])
    expect(writeArtifacts(root, [artifact])).toEqual([])
  })

  it('are stale with the line where they first differ', () => {
    writeArtifacts(root, [{ ...artifact, content: 'one\nzwei\nthree\n' }])
    expect(describeStale(root, [artifact])).toEqual([
      'schema/generated/a.txt is stale: 1 lines come, 1 go; first at line 2\n  committed: zwei\n  expected:  two',
    ])
  })
})
