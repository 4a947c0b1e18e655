import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Answer, ask, commandsIn, fencesIn } from './support/read-page.ts'
import { type ShopProcess, startShopProcess } from './support/shop-process.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const pages = new Map(
  globSync('{*.md,*/*.md,*/*/*.md}', { cwd: root, exclude: ['node_modules', '.cache', 'data'] }).map(
    (path) => [path, readFileSync(join(root, path), 'utf8')] as const,
  ),
)
const paths = [...pages.keys()].sort()
const page = (path: string): string => pages.get(path) ?? ''
const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
/** Those of `deploy/` are run in its own folder. */
const deploying = Object.keys(JSON.parse(readFileSync(join(root, 'deploy/package.json'), 'utf8')).scripts)

/** What stands in backticks, alone or in a block. */
function codeOf(path: string): readonly string[] {
  return [...page(path).matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code)
}

/** From the root or, in the README of a package, from its folder. What a README says is not there is not meant. */
function missingFiles(path: string): readonly string[] {
  const own = existsSync(join(root, dirname(path), 'package.json')) && dirname(path) !== '.' ? '|src' : ''
  const file = new RegExp(
    `(?<!No )\`((?:adapters|app|bench|deploy|docs|gateway|lake|platform|schema|servers|subgraphs|tests|tools${own})/[\\w./-]+\\.\\w+)\``,
    'g',
  )
  return [...page(path).matchAll(file)]
    .map(([, named = '']) => named)
    .filter((named) => !existsSync(join(root, named)) && !existsSync(join(root, dirname(path), named)))
}

/** As GitHub makes them: letters and digits stay, spaces become hyphens. */
function headingsOf(path: string): readonly string[] {
  return [...page(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe.each(paths)('%s', (path) => {
  it('names only scripts that exist', () => {
    const named = codeOf(path).flatMap((code) => [...code.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)])
    const missing = named.map(([, name = '']) => name).filter((name) => !(name in scripts))
    expect(missing.filter((name) => !['ci', 'install', ...deploying].includes(name))).toEqual([])
  })

  it('links only to files and headings that exist', () => {
    const links = [...page(path).matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)]
    const broken = links.filter(([, file = '', heading = '']) => {
      const target = file === '' ? path : join(dirname(path), file)
      return !existsSync(join(root, target)) || (heading !== '' && !headingsOf(target).includes(heading))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('names only files that exist', () => expect(missingFiles(path)).toEqual([]))
})

describe('the README', () => {
  it('names every script a user may want', () => {
    for (const name of ['start', 'start:split', 'demo', 'doctor', 'test', 'check', 'generate'])
      expect(page('README.md')).toMatch(new RegExp(`\`npm (run )?${name}\``))
  })

  it('stands in every folder of code', () => {
    const folders = globSync('{*,adapters/*,subgraphs/*}/package.json', {
      cwd: root,
      exclude: ['node_modules'],
    })
    expect(folders.map(dirname).filter((folder) => !pages.has(`${folder}/README.md`))).toEqual([])
  })

  it.each([
    ['demo', { failures: 0 }],
    ['doctor', { wrong: 0 }],
  ])('has a %s that ends well', async (name, figures) => {
    const last = (await run(scripts[name] ?? '')).trim().split('\n').at(-1) ?? '{}'
    expect(JSON.parse(last)).toMatchObject({ name, figures })
  })
})

describe('against the running shop', () => {
  let shop: ShopProcess
  beforeAll(async () => {
    shop = await startShopProcess({ args: ['--port', '0', '--scale', '0.1'] })
  })
  afterAll(async () => {
    await shop[Symbol.asyncDispose]()
  })

  const answered = (answer: Answer): void => {
    expect(answer.errors).toBeUndefined()
    expect(Object.values(answer.data ?? answer).every((value) => value !== null)).toBe(true)
  }

  it('the first query of the README works as it stands', async () => {
    const [first = ''] = commandsIn(page('README.md'))
    const { data } = await ask(shop.url, first)
    expect(data).toMatchObject({
      products: { nodes: [{ id: expect.any(String) }, { name: expect.any(String) }] },
    })
  })

  const commands = ['README.md', 'docs/heads.md', 'docs/operations.md'].flatMap((path) =>
    commandsIn(page(path)),
  )
  it.each(commands)('%s', async (command) => answered(await ask(shop.url, command)))

  it.each(fencesIn(page('docs/heads.md'), 'graphql'))('docs/heads.md: %s', async (query) => {
    const body = JSON.stringify({ query }).replaceAll("'", '’')
    answered(
      await ask(shop.url, `curl localhost:4000/graphql -H 'content-type: application/json' -d '${body}'`),
    )
  })
})

/** One script of package.json, as npm runs it; answers what it printed. */
async function run(script: string): Promise<string> {
  const [, ...args] = script.split(' ')
  const child = spawn(execPath, args, {
    cwd: root,
    // Jest's own flags are for Jest.
    env: { ...env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  await once(child, 'close')
  return printed
}
