import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runGraphCommand } = await import('./graph/run-graph-command.ts')
process.exitCode = await runGraphCommand(process.argv.slice(2), process.env)
