import { enableCompileCache } from 'node:module'

// Before anything heavy is imported: from the second start on, nothing is compiled (or stripped of types) again.
enableCompileCache()
const { start } = await import('./start.ts')
process.exitCode = await start({ args: process.argv.slice(2), env: process.env })
