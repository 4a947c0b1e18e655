import type { AggregatedResult, Reporter, Test, TestContext, TestResult } from '@jest/reporters'

/** Prints the one line that continuous integration counts: `N passed, N failed`. */
export default class TallyReporter implements Reporter {
  onTestResult(_test: Test, _result: TestResult, _aggregate: AggregatedResult): void {}

  onRunComplete(_contexts: Set<TestContext>, results: AggregatedResult): void {
    // A suite that could not even load counts as one failure, or a broken import would go unseen.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    const line = `${results.numPassedTests} passed, ${failed} failed`
    process.stdout.write(`${skipped > 0 ? `${line}, ${skipped} skipped` : line}\n`)
  }

  getLastError(): void {}
}
