import { spawn } from 'node:child_process'

/** What a step of the check found. */
export interface Outcome {
  readonly name: string
  readonly passed: number
  readonly failed: number
  /** Why it was not done, here. */
  readonly skipped?: string
  /** What it said, shown when something failed. */
  readonly text: string
  readonly seconds: number
}

export interface Ran {
  readonly status: number | null
  readonly text: string
}

/** Runs a program to its end and keeps what it says; -1 when there is no such program. */
export function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)))
    child.on('error', ({ message }) => resolve({ status: -1, text: message }))
    child.on('close', (status) => resolve({ status, text: said.join('') }))
  })
}

/** One thing that is right or not. */
export async function checkOne(
  name: string,
  check: () => Promise<Ran | { readonly skipped: string }>,
): Promise<Outcome> {
  const started = performance.now()
  const ran = await check()
  const seconds = Math.round((performance.now() - started) / 1000)
  if ('skipped' in ran) return { name, passed: 0, failed: 0, skipped: ran.skipped, text: '', seconds }
  const passed = ran.status === 0 ? 1 : 0
  return { name, ...(tallyOf(ran) ?? { passed, failed: 1 - passed }), text: ran.text, seconds }
}

/** Of node's test runner (`ℹ pass 3`) or of a program of ours (`3 passed, 0 failed`); a fault beside it counts, too. */
function tallyOf({ status, text }: Ran): { readonly passed: number; readonly failed: number } | undefined {
  const [, passed, failed] =
    /^(\d+) passed, (\d+) failed$/m.exec(text) ?? /^. pass (\d+)$[\s\S]*^. fail (\d+)$/m.exec(text) ?? []
  if (passed === undefined) return undefined
  const counted = Number(failed)
  return { passed: Number(passed), failed: status !== 0 && counted === 0 ? 1 : counted }
}
