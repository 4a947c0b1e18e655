import { enableCompileCache } from 'node:module'

enableCompileCache()
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
const { runService } = await import('./service/run-service.ts')
process.exitCode = await runService(process.argv[2] ?? '', process.env)
