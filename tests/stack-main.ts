import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { whyNoServers } from '@stoa/app/local-servers'
import { findServers } from '@stoa/app/stack'

// `npm run test:open`, `npm run test:aws`: starts the servers of a stack, runs its contract suites and the whole-shop
// scenarios on them, ends them. Without what the servers need, the suites say themselves what they skip.
const stack = process.argv[2] === 'aws' ? 'aws' : 'open'
const root = fileURLToPath(new URL('../', import.meta.url))

// Only what this machine lacks is a reason to skip: a server that does not start is a failure.
const whyNot = whyNoServers(stack)
if (whyNot !== undefined)
  process.stderr.write(`The scenarios on the ${stack} stack are skipped: ${whyNot}.\n`)
await using servers = whyNot === undefined ? await findServers(stack, {}) : undefined
const env = { ...process.env, ...(servers ? { STOA_TEST_STACK: stack, ...servers.env } : {}) }
const child = spawn('jest', ['--config', `jest.${stack}.config.ts`, ...process.argv.slice(3)], {
  cwd: root,
  env,
  stdio: 'inherit',
})
const [code] = await once(child, 'exit')
process.exitCode = code ?? 1
