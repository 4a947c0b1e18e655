import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runChild } = await import('./run-child.ts')
process.exitCode = await runChild(process.argv[2] ?? '', process.env)
