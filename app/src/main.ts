import { enableCompileCache } from 'node:module'

// Before anything heavy is imported: from the second start on, nothing is compiled (or stripped of types) again.
enableCompileCache()
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
const { start } = await import('./start.ts')
process.exitCode = await start({ args: process.argv.slice(2), env: process.env })
