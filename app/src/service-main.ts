import { enableCompileCache } from 'node:module'

enableCompileCache()
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
const { runService } = await import('./service/run-service.ts')
const [role = '', of = ''] = process.argv.slice(2)
process.exitCode = await runService({ role, of }, process.env)
