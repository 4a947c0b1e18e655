import { enableCompileCache } from 'node:module'

enableCompileCache()
const { startSplit } = await import('./split/start-split.ts')
process.exitCode = await startSplit({ args: process.argv.slice(2), env: process.env })
