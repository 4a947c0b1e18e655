import { enableCompileCache } from 'node:module'

enableCompileCache()
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
const { runChild } = await import('./run-child.ts')
process.exitCode = await runChild(process.argv[2] ?? '', process.env)
