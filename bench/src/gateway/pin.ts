import { spawnSync } from 'node:child_process'

export const isPinned: boolean = spawnSync('taskset', ['--version']).status === 0

/** The gateway alone on one core, everything else on the other; where there is no taskset, as the kernel likes. */
export function onCore(who: 'gateway' | 'others', command: readonly string[]): readonly string[] {
  return isPinned ? ['taskset', '--cpu-list', who === 'gateway' ? '0' : '1', ...command] : command
}
