import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// As for the gateway on its own: see gateway/src/serve/main.ts.
setFlagsFromString('--no-allocation-site-pretenuring')
enableCompileCache()
const { runFrontWorker } = await import('./run-front-worker.ts')
process.exitCode = await runFrontWorker()
