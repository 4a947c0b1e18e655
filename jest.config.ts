import type { Config } from 'jest'
import { aws, open } from './jest.suites.ts'

const elsewhere = [...aws, ...open, 'browser'].join('|')

// Node 26 strips the types itself, so there is no transformer and nothing to keep in step with TypeScript.
const config: Config = {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  // deploy/ has its own packages and its own runner.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/deploy/', `\\.(${elsewhere})\\.test\\.ts$`],
  modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/deploy/'],
  coverageProvider: 'v8',
  testTimeout: 20_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/tools/src/tally-reporter.ts'],
}

export default config
