import type { Config } from 'jest'
import base from './jest.config.ts'

/** The contract suites against Amazon's DynamoDB Local; needs Java 17, says so and skips when there is none. */
const config: Config = {
  ...base,
  testMatch: ['**/*.dynamodb.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  maxWorkers: 1,
}

export default config
