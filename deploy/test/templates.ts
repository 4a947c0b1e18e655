import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import type { Environment } from '../src/environment.ts'
import { environments } from '../src/environments.ts'
import { type Node, nodeOf } from './node.ts'

/** Of a template; what is read of it are its properties. */
export interface Resource extends Node {
  readonly id: string
  readonly type: string
  readonly deletionPolicy: string | undefined
}

/** One environment as CloudFormation will get it. */
export interface Synthesised {
  readonly environment: Environment
  /** By stack: `base`, `data` … */
  readonly stacks: ReadonlyMap<string, readonly Resource[]>
  readonly text: string
  /** Of all stacks. */
  of(type: string): readonly Resource[]
}

/** All environments, synthesised once for all tests. */
export const synthesised: readonly Synthesised[] = synthesise(environments)

export function environmentNamed(name: string): Synthesised {
  const found = synthesised.find(({ environment }) => environment.name === name)
  if (!found) throw new TypeError(`There is no environment "${name}".`)
  return found
}

/** For what no environment has chosen. */
export function synthesise(environments: readonly Environment[]): readonly Synthesised[] {
  const outdir = mkdtempSync(join(tmpdir(), 'stoa-deploy-'))
  try {
    const { stacks } = createApp({ environments, tag: 'test', outdir }).synth()
    return environments.map((environment) => {
      const prefix = `stoa-${environment.name}-`
      const own = stacks.filter(({ stackName }) => stackName.startsWith(prefix))
      return describe(
        environment,
        new Map(own.map(({ stackName, template }) => [stackName.slice(prefix.length), template])),
      )
    })
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

function describe(
  environment: Environment,
  templates: ReadonlyMap<string, { Resources: object }>,
): Synthesised {
  const stacks = new Map([...templates].map(([name, { Resources }]) => [name, resourcesOf(Resources)]))
  const all = [...stacks.values()].flat()
  return {
    environment,
    stacks,
    text: JSON.stringify([...templates.values()]),
    of: (type) => all.filter((resource) => resource.type === type),
  }
}

function resourcesOf(resources: object): readonly Resource[] {
  return Object.entries(resources).map(([id, { Type, Properties = {}, DeletionPolicy }]) => ({
    ...nodeOf(Properties),
    id,
    type: Type,
    deletionPolicy: DeletionPolicy,
  }))
}
