import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runBackup } = await import('./backup/run-backup.ts')
process.exitCode = await runBackup(process.argv.slice(2), process.env)
