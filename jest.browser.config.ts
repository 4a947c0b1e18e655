import type { Config } from 'jest'
import base from './jest.config.ts'

/** The pages in a real headless Chromium. */
const config: Config = {
  ...base,
  testMatch: ['**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
}

export default config
