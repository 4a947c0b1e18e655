import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

export interface Sandboxed {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly port: number
}

/** Whether this machine lets us make one: mounts of our own, and another user than root. */
export function whyNoSandbox(): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux'
  if (process.getuid?.() !== 0) return 'it needs root, to become somebody else'
  const tried = spawnSync('unshare', ['--mount', 'sh', '-c', `${READ_ONLY} && setpriv --version`])
  return tried.status === 0 ? undefined : 'this machine gives no mounts of our own'
}

/** Everything read-only but a new /tmp; user 10001, no capabilities, no way back to any. */
export function startSandboxed({ command, cwd, env }: Sandboxed): ChildProcess {
  const nobody = ['--reuid=10001', '--regid=10001', '--clear-groups', '--no-new-privs', '--bounding-set=-all']
  const script = `${READ_ONLY} && exec setpriv ${nobody.join(' ')} "$@"`
  const args = ['--mount', 'sh', '-c', script, 'sh', ...command]
  return spawn('unshare', args, { cwd, env, stdio: ['ignore', 'inherit', 'pipe'] })
}

const READ_ONLY = [
  'mount --make-rprivate /',
  'mount -t tmpfs -o mode=1777 tmpfs /tmp',
  'mount -o remount,bind,ro /',
].join(' && ')
