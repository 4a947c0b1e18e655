import type { Environment } from './environment.ts'
import { dev } from './environments/dev.ts'
import { production } from './environments/production.ts'
import { staging } from './environments/staging.ts'

/** All there are. Each is whole: nothing is shared. */
export const environments: readonly Environment[] = [dev, staging, production]
