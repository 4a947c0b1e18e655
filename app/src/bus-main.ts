import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runBusCommand } = await import('./bus/run-bus-command.ts')
process.exitCode = await runBusCommand(process.argv.slice(2), process.env)
