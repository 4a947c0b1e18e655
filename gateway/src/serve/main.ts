import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// V8 learns under load that some arrays of a request live long enough to be made in the old space at once. There they
// keep what they point to alive until the next full collection, and half of each young collection survives: without
// this guess the heavy query of the bench costs a third less, and 60 MB less are held.
setFlagsFromString('--no-allocation-site-pretenuring')
// (`--max-semi-space-size=8` in package.json's script does the rest: with the default of 16 MB, 80 MB more are held and
// nothing is faster. It must stand on the command line: the heap is laid out before the first line runs.)
// graphql-js looks at every object twice unless it is told that this is no development.
process.env['NODE_ENV'] ??= 'production'
// Before anything heavy is imported: from the second start on, nothing is compiled (or stripped of types) again.
enableCompileCache()
const { runGateway } = await import('./run-gateway.ts')
process.exitCode = await runGateway(process.argv.slice(2))
