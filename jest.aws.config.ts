import type { Config } from 'jest'
import base from './jest.config.ts'
import { aws, filesOf } from './jest.suites.ts'

/** The AWS-shaped stack: contract suites and whole-shop scenarios on DynamoDB Local, moto and Gremlin Server. */
const config: Config = {
  ...base,
  testMatch: filesOf(aws),
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}

export default config
