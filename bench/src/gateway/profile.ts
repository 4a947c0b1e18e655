import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

const LINES = 40

/** Where the time of the last profile in `folder` went: functions by their own time, those they call left out. */
export function topFunctions(folder: string): string {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('The gateway left no profile: it must end by itself on SIGTERM.')
  // V8 wrote it: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
  const own = ownTimes(profile)
  own.delete('(idle)')
  const total = [...own.values()].reduce((sum, each) => sum + each, 0)
  const lines = [...own].toSorted(([, a], [, b]) => b - a).slice(0, LINES)
  return lines.map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}\n`).join('')
}

function ownTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const own = new Map<string, number>()
  // Nothing of the start: half of the samples lie within the load.
  for (let i = Math.floor(samples.length / 2); i < samples.length; i += 1) {
    const name = names.get(samples[i] ?? 0) ?? '?'
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[i] ?? 0))
  }
  return own
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  const place = url.replace(/^.*\/(?=(?:[^/]+\/){2}[^/]+$)/, '')
  return place === '' ? name : `${name}  ${place}:${lineNumber + 1}`
}
