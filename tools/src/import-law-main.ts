import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * Applies .dependency-cruiser.mjs to the repository, or to the folder given: one line a violation, then the count
 * of modules seen. Exits 1 when there is a violation, and when no module was seen: then nothing was proved.
 */
const home = fileURLToPath(new URL('../../', import.meta.url))
const folders = [
  'schema',
  'platform',
  'gateway',
  'subgraphs',
  'adapters',
  'lake',
  'app',
  'servers',
  'heads',
  'bench',
  'tests',
  'tools',
]
const root = process.argv[2] ?? home

const summary = cruise(folders.filter((folder) => existsSync(`${root}/${folder}`)))
const lines = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`)
process.stdout.write([...lines, `${summary.totalCruised} modules, ${lines.length} violations`, ''].join('\n'))
process.exitCode = lines.length > 0 || summary.totalCruised === 0 ? 1 : 0

interface Summary {
  readonly totalCruised: number
  readonly violations: readonly {
    readonly rule: { readonly name: string }
    readonly from: string
    readonly to: string
  }[]
}

function cruise(what: readonly string[]): Summary {
  const bin = `${home}node_modules/.bin/depcruise`
  const args = [bin, '--config', `${home}.dependency-cruiser.mjs`, '--output-type', 'json', ...what]
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  try {
    // The shape of dependency-cruiser's own report.
    return (JSON.parse(run.stdout) as { readonly summary: Summary }).summary
  } catch (cause) {
    throw new Error(`dependency-cruiser gave no report: ${run.stderr || run.error?.message}`, { cause })
  }
}
