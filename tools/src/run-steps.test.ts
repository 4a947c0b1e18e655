import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { runSteps, type Step } from './run-steps.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

function script(name: string, text: string): Step {
  return { name, command: ['node', '--eval', text] }
}

async function told(steps: readonly Step[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = ''
  const code = await runSteps(steps, {
    root,
    write: (more) => {
      text += more
    },
  })
  return { code, text }
}

describe('the steps of a check', () => {
  it('run with the Node of the project, and say nothing but that they were fine', async () => {
    const same = script('same Node', `process.exit(process.version === '${process.version}' ? 0 : 1)`)
    const { code, text } = await told([same, script('chatty', 'console.log("hello")')])
    expect(code).toBe(0)
    expect(text).toMatch(/^ok {5}same Node \([\d.]+ s\)\nok {5}chatty \([\d.]+ s\)\n\{/)
    expect(JSON.parse(text.split('\n').at(-2) ?? '')).toMatchObject({ figures: { steps: 2, failed: 0 } })
  })

  it('all run, even after one has failed; that one says why and how to repeat it', async () => {
    const bad = script('bad', 'console.error("line 3 is wrong"); process.exit(2)')
    const { code, text } = await told([bad, script('good', '')])
    expect(code).toBe(1)
    expect(text).toMatch(/^FAILED bad .*\nline 3 is wrong\n {2}again: node --eval/)
    expect(text).toContain('ok     good')
  })

  it('fail when their program is not there', async () => {
    const { code, text } = await told([{ name: 'none', command: ['no-such-program'] }])
    expect(code).toBe(1)
    expect(text).toContain('ENOENT')
  })
})
