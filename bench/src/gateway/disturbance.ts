import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { cpuMs } from './process-cost.ts'

/** How much of the machine was busy with something else than this bench since `watch` began, 0 to 1. */
export function watchDisturbance(): () => number {
  const [began, othersBefore] = [performance.now(), machineBusyMs() - ownMs()]
  return () => {
    const others = machineBusyMs() - ownMs() - othersBefore
    const possible = (performance.now() - began) * availableParallelism()
    return Math.max(0, others / possible)
  }
}

/** User, nice, system, interrupts and stolen time of all cores, from https://docs.kernel.org/filesystems/proc.html. */
function machineBusyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  return (user + nice + system + irq + softirq + steal) * 10
}

function ownMs(): number {
  return cpuMs(process.pid)
}
