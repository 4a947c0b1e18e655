import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { createApp } from './app.ts'
import { pythonTools } from './check/python-tools.ts'
import { checkOne, type Outcome, type Ran, run } from './check/step.ts'
import type { Environment } from './environment.ts'
import { environments } from './environments.ts'
import { whyNoSandbox } from './image/sandbox.ts'

/*
 * All that can be shown of a deployment without deploying: types, templates and chart against what is asserted of
 * them, templates and Dockerfile by their linters, the image without Docker. Says what it could not show, and why.
 */
/** W3010: zones are named on purpose, so that no look-up is needed. W3005: CDK says twice what waits for what. */
const IGNORED = ['--ignore-checks', 'W3010', 'W3005', '--non-zero-exit-code', 'warning']

const home = fileURLToPath(new URL('../', import.meta.url))
const templates = await mkdtemp(join(tmpdir(), 'stoa-templates-'))
const tools = pythonTools()

const quick = await inTurn(
  checkOne('types', () => run('node_modules/.bin/tsc', ['-p', '.'], home)),
  checkOne('templates, chart and costs: assertions', () =>
    run(execPath, ['--test', '--test-isolation=none', 'test/*.test.ts'], home),
  ),
)
const slow = await inTurn(
  checkOne('templates of staging and production: cfn-lint', lintTemplates),
  checkOne('Dockerfile: hadolint', lintDockerfile),
  checkOne('image: the same files, user and read-only system without Docker', rehearseImage),
)
await rm(templates, { recursive: true })
report([...quick, ...slow, ...(await notHere())])

/** Two programs at once: this is for small machines. */
function inTurn(...steps: readonly Promise<Outcome>[]): Promise<readonly Outcome[]> {
  return Promise.all(steps)
}

/** Staging has every part there is but this one. */
function withEverything(environment: Environment): Environment {
  if (environment.name !== 'staging') return environment
  return { ...environment, reactionsOnLambda: { of: ['orders', 'customer', 'inventory'], memoryMiB: 1024 } }
}

/** Production has its own sizes; dev has nothing besides. */
async function lintTemplates(): Promise<Ran | { readonly skipped: string }> {
  const found = await tools
  if ('skipped' in found) return found
  createApp({
    environments: environments.filter(({ name }) => name !== 'dev').map(withEverything),
    tag: 'check',
    outdir: templates,
  }).synth()
  const files = (await readdir(templates)).filter((file) => file.endsWith('.template.json'))
  return await run(
    join(found.bin, 'cfn-lint'),
    [...IGNORED, '--', ...files.map((file) => join(templates, file))],
    home,
  )
}

async function lintDockerfile(): Promise<Ran | { readonly skipped: string }> {
  const found = await tools
  return 'skipped' in found ? found : await run(join(found.bin, 'hadolint'), ['Dockerfile'], home)
}

async function rehearseImage(): Promise<Ran | { readonly skipped: string }> {
  const skipped = whyNoSandbox()
  return skipped === undefined ? await run(execPath, ['src/image/rehearse-main.ts'], home) : { skipped }
}

/** What only the real thing can show. */
function notHere(): Promise<readonly Outcome[]> {
  return Promise.all([
    checkOne('docker build', () => Promise.resolve({ skipped: 'it needs a Docker daemon and base images' })),
    checkOne('cdk deploy, helm install', () =>
      Promise.resolve({ skipped: 'they need an AWS account and a cluster' }),
    ),
  ])
}

function report(outcomes: readonly Outcome[]): void {
  for (const { name, passed, failed, skipped, text, seconds } of outcomes) {
    const mark = skipped === undefined ? (failed === 0 ? '✔' : '✖') : '–'
    const what =
      skipped === undefined ? `${passed} passed, ${failed} failed, ${seconds} s` : `skipped: ${skipped}`
    process.stdout.write(`${mark} ${name}: ${what}\n${failed > 0 ? `${text}\n` : ''}`)
  }
  const sum = (of: 'passed' | 'failed'): number => outcomes.reduce((all, one) => all + one[of], 0)
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
}
