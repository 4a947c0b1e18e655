import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { copyContext } from './context.ts'
import { find, readStages, wordsOf } from './dockerfile.ts'
import { startSandboxed, whyNoSandbox } from './sandbox.ts'

/*
 * What the Dockerfile makes, without Docker: the same context, the same install, then the same command as the same
 * user on a read-only system, and the same health check. Base images are this machine's: that part is not shown here.
 */
const ROLES = ['gateway', 'catalog', 'lake'] as const
const deploy = new URL('../../', import.meta.url)
const root = fileURLToPath(new URL('../', deploy))
const [install, image] = readStages(new URL('Dockerfile', deploy))
// Not in /tmp: the sandbox has a /tmp of its own.
const app = await mkdtemp('/var/tmp/stoa-image-')
await chmod(app, 0o755)
try {
  await copyContext(root, new URL('Dockerfile.dockerignore', deploy), app)
  runInstall()
  const size = spawnSync('du', ['-sm', app], { encoding: 'utf8' }).stdout.split('\t')[0]
  const why = whyNoSandbox()
  if (why === undefined) await runRoles()
  process.stdout.write(`${JSON.stringify({ event: 'image', megabytes: Number(size), ran: why ?? ROLES })}\n`)
  process.stdout.write(`${why === undefined ? ROLES.length * 2 : 0} passed, 0 failed\n`)
} finally {
  await rm(app, { recursive: true })
}

function runInstall(): void {
  const command = find(install, 'RUN')?.rest.replace(/^--mount=\S+\s+/, '') ?? 'false'
  const { status } = spawnSync('sh', ['-c', command], { cwd: app, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`"${command}" ended with ${status}.`)
}

/** The gateway as the image's own command, one subgraph, and the lake. */
async function runRoles(): Promise<void> {
  for (const [index, role] of ROLES.entries()) await runRole(role, 34_000 + index)
}

async function runRole(role: string, port: number): Promise<void> {
  const command = [...wordsOf(find(image, 'CMD')).slice(0, -1), role]
  const child = startSandboxed({ command, cwd: app, env: serviceEnv(port), port })
  const log: string[] = []
  child.stderr?.on('data', (chunk) => log.push(String(chunk)))
  const ended = once(child, 'exit')
  try {
    await Promise.race([untilWell(role, port, log), ended.then(() => log.push('It ended.'))])
    if (!(await isRefusedWriting(child.pid))) throw new Error(`${role} may write where it must not.`)
  } finally {
    child.kill('SIGTERM')
    const [code] = await ended
    if (code !== 0) process.stderr.write(`${role} ended with ${code}.\n${log.join('')}`)
  }
}

/** The image's own health check, until it is content. */
async function untilWell(role: string, port: number, log: readonly string[]): Promise<void> {
  const [node = 'node', ...check] = wordsOf(find(image, 'HEALTHCHECK'))
  for (let look = 0; look < 120 && log.at(-1) !== 'It ended.'; look++) {
    const { status } = spawnSync(node, check, { cwd: app, env: serviceEnv(port) })
    if (status === 0) return
    await sleep(500)
  }
  throw new Error(`${role} is not ready after a minute. It says:\n${log.join('')}`)
}

/** From inside: as its user, in its mounts, nothing but /tmp takes a file. */
async function isRefusedWriting(pid: number | undefined): Promise<boolean> {
  const tries = ['touch /etc/x', `touch ${app}/x`, 'touch /var/tmp/x'].map((one) => `! ${one} 2>/dev/null`)
  const script = [...tries, 'touch /tmp/x', '[ "$(id -u)" = 10001 ]'].join(' && ')
  const nobody = ['setpriv', '--reuid=10001', '--regid=10001', '--clear-groups', 'sh', '-c', script]
  const { status } = spawnSync('nsenter', ['--mount', `--target=${pid}`, ...nobody])
  return status === 0
}

function serviceEnv(port: number): Record<string, string> {
  const subgraphs = ['catalog', 'inventory', 'orders', 'customer', 'recommendation', 'live']
  return {
    // Nothing of this checkout: a Node that the image lacks must be missed here, too.
    PATH: `${app}/node_modules/.bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    NODE_ENV: 'production',
    STOA_STACK: 'embedded',
    STOA_PORT: String(port),
    STOA_INTERNAL_SECRET: 'i'.repeat(32),
    WEBHOOK_SECRET: 'w'.repeat(32),
    STOA_SUBGRAPHS: subgraphs.map((name) => `${name}=http://127.0.0.1:9/graphql`).join(','),
    OIDC_ISSUER: 'http://127.0.0.1:9/pool',
    OIDC_AUDIENCE: 'stoa',
    LAKE_FOLDER: '/tmp/lake',
  }
}
