import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// As for the gateway on its own: see gateway/src/serve/main.ts.
setFlagsFromString('--no-allocation-site-pretenuring')
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
enableCompileCache()
const { runFrontWorker } = await import('./run-front-worker.ts')
process.exitCode = await runFrontWorker()
