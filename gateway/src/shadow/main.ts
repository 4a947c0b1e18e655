import { runShadow } from './run-shadow.ts'

process.exitCode = await runShadow(process.argv.slice(2), process)
