import { env } from 'node:process'
import type { Config } from 'jest'
import base from './jest.config.ts'
import { filesOf, open, scenarios } from './jest.suites.ts'

/** The open stack: contract suites and whole-shop scenarios on PostgreSQL, Kafka, Gremlin Server and Redis. */
const config: Config = {
  ...base,
  // The scenarios need the servers that tests/stack-main.ts starts.
  testMatch: [...filesOf(open), ...(env['STOA_TEST_STACK'] === 'open' ? scenarios : [])],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}

export default config
