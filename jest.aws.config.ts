import { env } from 'node:process'
import type { Config } from 'jest'
import base from './jest.config.ts'
import { aws, filesOf, scenarios } from './jest.suites.ts'

/** The AWS-shaped stack: contract suites and whole-shop scenarios on DynamoDB Local, moto and Gremlin Server. */
const config: Config = {
  ...base,
  // The scenarios need the servers that tests/stack-main.ts starts.
  testMatch: [...filesOf(aws), ...(env['STOA_TEST_STACK'] === 'aws' ? scenarios : [])],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}

export default config
