import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runDemo } = await import('./demo/run.ts')
process.exitCode = await runDemo(process.env)
