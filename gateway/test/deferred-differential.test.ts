import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

const CASES = 400
const LONGEST_MS = 60_000

describe('answers in parts', () => {
  it(
    'put together say what the same say as a whole, whichever subgraph is slow',
    async () => {
      // In a process of its own, as the native planner ends the process when it panics.
      const main = fileURLToPath(new URL('differential/deferred/defer-main.ts', import.meta.url))
      const args = [main, '--cases', `${CASES}`, '--seed', '300', '--per-graph', '80']
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} })
      const report = JSON.parse(stdout)
      expect(report.differences).toEqual([])
      expect(report.cases).toBeGreaterThan(CASES / 2)
      expect(report.inParts).toBeGreaterThan(CASES / 6)
    },
    LONGEST_MS,
  )
})
