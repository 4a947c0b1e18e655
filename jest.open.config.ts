import type { Config } from 'jest'
import base from './jest.config.ts'
import { filesOf, open } from './jest.suites.ts'

/** The open stack: contract suites and whole-shop scenarios on PostgreSQL, Kafka, Gremlin Server and Redis. */
const config: Config = {
  ...base,
  testMatch: filesOf(open),
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}

export default config
