import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second (`getconf CLK_TCK` on every Linux that Node runs on). */
const TICK_MS = 10

/** CPU milliseconds, user and system, of a process with all its threads and children. */
export function cpuMs(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + ownCpuMs(member), 0)
}

/** Resident memory in MB of a process and its children. */
export function residentMb(pid: number): number {
  const kilobytes = treeOf(pid).map((member) => {
    const status = readFileSync(`/proc/${member}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0)
  })
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_024
}

function ownCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold spaces; what follows it starts with the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // User and system time, then the same of children that ended.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS
}

function treeOf(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOf(pid, thread))
  return [pid, ...children.flatMap(treeOf)]
}

/** None where the kernel does not tell: then only the process itself is counted. */
function childrenOf(pid: number, thread: string): readonly number[] {
  try {
    const line = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
    return line.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
