// Makes `npm start` and `npm test` work as the first command typed on a fresh clone.
// Plain JavaScript on purpose: it runs on the host's own, possibly old, Node before anything is installed.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
// npm writes this file last, so an interrupted install leaves none (or an old one) behind.
const mark = join(root, 'node_modules', '.package-lock.json')
const lock = join(root, 'package-lock.json')
// The host's Node installs, the project's own Node runs: what npm says about the first concerns nobody.
const FOREIGN_ENGINE = /^npm warn EBADENGINE\b/i
const STILL_THERE_MS = 15_000

if (!isInstalled()) await install()

function isInstalled() {
  if (!existsSync(mark) || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false
  if (statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return true
  // A checkout touches the lock without changing it; what counts is whether the versions still agree.
  const [wanted, there] = [packagesIn(lock), packagesIn(mark)]
  return Object.keys(wanted).every((name) => {
    const isForOthers = wanted[name].optional && there[name] === undefined
    return isForOthers || there[name]?.version === wanted[name].version
  })
}

/** What lies in node_modules, by its path; the folders of this repository are not installed but linked. */
function packagesIn(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.fromEntries(Object.entries(packages).filter(([path]) => path.includes('node_modules/')))
}

async function install() {
  const count = Object.values(packagesIn(lock)).filter((entry) => !entry.link && !entry.optional).length
  tell(`Installing ${count} packages into node_modules (npm ci, about a minute)…`)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const stillThere = setInterval(() => tell(`  still installing, ${seconds()} s…`), STILL_THERE_MS)
  const got = await runNpm()
  clearInterval(stillThere)
  if (got === 0) return tell(`Installed ${count} packages in ${seconds()} s.`)
  tell(
    `\nThe install failed. Expected: \`npm ci\` to finish; got: ${typeof got === 'number' ? `exit code ${got}` : got}.\n` +
      'What to do: read the first error above; `npm run doctor` looks at this machine. Then try again.',
  )
  process.exitCode = typeof got === 'number' ? got : 1
}

/** Its exit code, or what ended it otherwise. */
function runNpm() {
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!FOREIGN_ENGINE.test(line)) tell(line)
  })
  return new Promise((resolve) => {
    child.once('error', (reason) => resolve(reason.message))
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
}

function tell(line) {
  process.stderr.write(`${line}\n`)
}
