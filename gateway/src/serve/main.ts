import { enableCompileCache } from 'node:module'

// Before anything heavy is imported: from the second start on, nothing is compiled (or stripped of types) again.
enableCompileCache()
const { runGateway } = await import('./run-gateway.ts')
process.exitCode = await runGateway(process.argv.slice(2))
