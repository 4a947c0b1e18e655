import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'

const module = new URL('until-stopped.ts', import.meta.url).href
/** Waits for its signal, says so, and then either ends or never does. */
const program = (after: string): string =>
  `import { untilStopped } from '${module}'\nsetTimeout(() => console.log('up'))\nawait untilStopped()\nconsole.log('stopping')\n${after}`

async function started(after: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(after)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {},
  })
  await once(child.stdout, 'data')
  return child
}

describe('a program that runs until it is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('goes on to its end after %s', async (signal) => {
    const child = await started('')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends at once with 130 at the second signal', async () => {
    const child = await started('setInterval(() => {}, 1000)')
    child.kill('SIGINT')
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
  })
})
