import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'

const reporter = new URL('tally-reporter.ts', import.meta.url).href

/** In a process of its own: this one's standard output belongs to the tests. */
function tally(results: Readonly<Record<string, number>>): string {
  const none = {
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  }
  const text = `import Tally from '${reporter}'\nnew Tally().onRunComplete(new Set(), ${JSON.stringify({ ...none, ...results })})`
  return spawnSync(process.execPath, ['--input-type=module', '--eval', text], { encoding: 'utf8' }).stdout
}

describe('the tally', () => {
  it.each([
    [{ numPassedTests: 7 }, '7 passed, 0 failed\n'],
    [{ numPassedTests: 7, numFailedTests: 2 }, '7 passed, 2 failed\n'],
    [{ numPassedTests: 7, numRuntimeErrorTestSuites: 1 }, '7 passed, 1 failed\n'],
    [{ numPassedTests: 7, numPendingTests: 1, numTodoTests: 2 }, '7 passed, 0 failed, 3 skipped\n'],
  ])('of %j is one line', (results, line) => {
    expect(tally(results)).toBe(line)
  })
})
