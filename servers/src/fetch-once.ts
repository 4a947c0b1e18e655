import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a server is made of, by a text that names exact versions; another text is another folder. */
export interface Download {
  readonly name: string
  readonly recipe: string
  /** Puts everything into an empty folder. */
  readonly fill: (folder: string) => Promise<void>
}

const DOWNLOADS = join(homedir(), '.cache', 'stoa', 'servers')

/**
 * The folder with what was fetched, now or in an earlier run. Several processes may ask at once: the first whole
 * folder wins, half of one is never seen.
 */
export async function fetchOnce(download: Download): Promise<string> {
  const digest = createHash('sha256').update(download.recipe).digest('hex').slice(0, 12)
  const folder = join(DOWNLOADS, `${download.name}-${digest}`)
  if (existsSync(folder)) return folder
  const half = `${folder}.${process.pid}`
  await mkdir(half, { recursive: true })
  try {
    await download.fill(half)
    await rename(half, folder)
  } catch (reason) {
    await rm(half, { recursive: true, force: true })
    if (!existsSync(folder)) throw reason
  }
  return folder
}

/** The jars that a pom.xml names, with theirs, in one folder. Needs Maven the first time. */
export async function fetchJars(pom: URL): Promise<string> {
  const file = fileURLToPath(pom)
  return await fetchOnce({
    name: basename(dirname(file)),
    recipe: await readFile(file, 'utf8'),
    fill: (folder) =>
      run('mvn', ['-q', '-B', '-f', file, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`]),
  })
}

/** A Python environment with these packages, exact versions. Needs Python 3 with venv the first time. */
export async function fetchPython(name: string, requirements: readonly string[]): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', ...requirements])
  }
  return await fetchOnce({ name, recipe: requirements.join('\n'), fill })
}

const FETCH_WITHIN_MS = 300_000

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: FETCH_WITHIN_MS })
  let said = ''
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000)
    })
  }
  const code = await new Promise<number | string>((resolve) => {
    child.once('error', (reason) => resolve(reason.message))
    child.once('close', (exit, signal) => resolve(exit ?? signal ?? 'an unknown end'))
  })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code}):\n${said}`)
}
