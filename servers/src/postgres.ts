import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'

/** Why PostgreSQL cannot run here, or undefined when it can. */
export function whyNoPostgres(): string | undefined {
  if (!binaries()) return 'there is no PostgreSQL in /usr/lib/postgresql'
  return isRoot() && !postgresUser() ? 'PostgreSQL refuses root, and there is no user "postgres"' : undefined
}

export interface PostgresOptions {
  /** Settings of the server, as `max_connections`. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A whole cluster of its own whose data outlives `kill`. Its endpoint is a connection URL of a superuser. */
export async function startPostgres(options: PostgresOptions = {}): Promise<LocalServer> {
  const bin = binaries()
  if (!bin) throw new Error(`PostgreSQL cannot run: ${whyNoPostgres()}.`)
  const [folder, port] = [await serverFolder('postgres'), await freePort()]
  const user = isRoot() ? postgresUser() : undefined
  const data = await initialise(bin, folder, user)
  const settings = { ...SETTINGS, ...options.settings }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = await startServer({
    name: 'PostgreSQL',
    endpoint: `postgres://postgres@127.0.0.1:${port}/postgres`,
    command: join(bin, 'postgres'),
    args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', ...flags],
    cwd: folder,
    ...user,
    folder,
    isReady: () => isReady(bin, port),
  })
  return powerCut(server, data)
}

/** Small, as several clusters share one machine; nothing here makes a commit less durable. */
const SETTINGS: Readonly<Record<string, string | number>> = {
  max_connections: 60,
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  log_min_messages: 'fatal',
}

const CLUSTERS = '/usr/lib/postgresql'

/** The folder with the newest `postgres` that Debian installed. */
function binaries(): string | undefined {
  if (!existsSync(CLUSTERS)) return undefined
  const versions = readdirSync(CLUSTERS).toSorted((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(CLUSTERS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

interface User {
  readonly uid: number
  readonly gid: number
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function postgresUser(): User | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return uid?.status === 0 && gid?.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined
}

async function initialise(bin: string, folder: string, user: User | undefined): Promise<string> {
  const data = join(folder, 'data')
  await mkdir(data)
  await chmod(folder, 0o755)
  if (user) await chown(data, user.uid, user.gid)
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await promisify(execFile)(join(bin, 'initdb'), args, { cwd: folder, ...user })
  return data
}

async function isReady(bin: string, port: number): Promise<boolean> {
  const asking = promisify(execFile)(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
  return await asking.then(
    () => true,
    () => false,
  )
}

/** A power cut takes the whole family of processes: those that the first left behind would bar its return. */
function powerCut(server: LocalServer, data: string): LocalServer {
  async function kill(): Promise<void> {
    const family = familyOf(data)
    await server.kill()
    for (const pid of family) end(pid, 'SIGKILL')
    for (const pid of family) await untilGone(pid)
  }

  return {
    endpoint: server.endpoint,
    kill,
    start: server.start,
    async [Symbol.asyncDispose]() {
      const [first] = familyOf(data)
      // Asked so, it gives its shared memory back at once.
      if (first !== undefined && end(first, 'SIGQUIT')) await untilGone(first)
      await kill()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** The server's process and those it started. */
function familyOf(data: string): readonly number[] {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return []
  const first = Number(readFileSync(file, 'utf8').split('\n')[0])
  const found = spawnSync('ps', ['-o', 'pid=', '--ppid', String(first)], { encoding: 'utf8' })
  return [first, ...found.stdout.split('\n').map(Number)].filter((pid) => pid > 0)
}

function end(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 200 && end(pid, 0) && !isZombie(pid); tries++) await wait(25)
}

/** Dead, and only waiting for whoever adopted it to notice. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
