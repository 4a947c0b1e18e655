import { execFile } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../', import.meta.url))
const packages = '{schema,platform,gateway,subgraphs,adapters,lake,app,servers,heads,bench,tests,tools}'
const files = globSync(`${packages}/**/*.{ts,mjs}`, { cwd: root }).filter(
  (path) => !/node_modules|\.generated\./.test(path),
)
const isProof = (path: string): boolean => /\.(test|contract|fixture)\.ts$|^tests\/|\/test\//.test(path)

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

interface Ruling {
  readonly ok: boolean
  readonly output: string
}

function importLaw(folder: string): Promise<Ruling> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'tools/src/import-law-main.ts'), folder],
      (error, stdout, stderr) => {
        resolve({ ok: error === null, output: stdout + stderr })
      },
    )
  })
}

describe('the import law', () => {
  it('holds, and was asked about every module', async () => {
    const { ok, output } = await importLaw(root)
    expect({ ok, output }).toMatchObject({ ok: true, output: expect.stringMatching(/, 0 violations/) })
    expect(Number.parseInt(output, 10)).toBeGreaterThan(files.length * 0.9)
  })

  describe('when it is broken', () => {
    let broken: string
    let ruling: Ruling

    const planted: Readonly<Record<string, string>> = {
      'platform/src/vocabulary.ts': "export { orders } from '../../subgraphs/orders/src/main.ts'",
      'schema/src/contract.ts': "import '../../platform/src/vocabulary.ts'",
      'gateway/src/front.ts': "import '../../subgraphs/orders/src/main.ts'",
      'subgraphs/orders/src/main.ts': "import '../../catalog/src/main.ts'\nexport const orders = 1",
      'subgraphs/catalog/src/main.ts': 'export const catalog = 1',
      'subgraphs/catalog/src/domain/price.ts':
        "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
      'subgraphs/catalog/src/resolvers.ts': "import '../../../adapters/erp/src/main.ts'",
      'adapters/erp/src/main.ts': "import '../../wms/src/main.ts'",
      'adapters/wms/src/main.ts': "import './egg.ts'",
      'adapters/wms/src/egg.ts': "import './main.ts'",
    }

    beforeAll(async () => {
      broken = mkdtempSync(join(tmpdir(), 'stoa-law-'))
      for (const [path, text] of Object.entries(planted)) {
        mkdirSync(dirname(join(broken, path)), { recursive: true })
        writeFileSync(join(broken, path), `${text}\n`)
      }
      ruling = await importLaw(broken)
    })
    afterAll(() => rmSync(broken, { recursive: true, force: true }))

    it.each([
      'platform-stands-alone: platform/src/vocabulary.ts imports subgraphs/orders/src/main.ts',
      'schema-stands-alone: schema/src/contract.ts imports platform/src/vocabulary.ts',
      'gateway: gateway/src/front.ts imports subgraphs/orders/src/main.ts',
      'subgraphs-never-meet: subgraphs/orders/src/main.ts imports subgraphs/catalog/src/main.ts',
      'pure-domain: subgraphs/catalog/src/domain/price.ts imports fs',
      'adapters-only-in-main: subgraphs/catalog/src/resolvers.ts imports adapters/erp/src/main.ts',
      'adapters-never-meet: adapters/erp/src/main.ts imports adapters/wms/src/main.ts',
      'through-the-exports: gateway/src/front.ts imports subgraphs/orders/src/main.ts',
      'no-circles: adapters/wms/src/egg.ts imports adapters/wms/src/main.ts',
    ])('finds %s', (violation) => {
      expect(ruling.ok).toBe(false)
      expect(ruling.output).toContain(violation)
    })
  })

  it('is not kept by a folder without modules', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'stoa-law-'))
    expect((await importLaw(empty)).ok).toBe(false)
    rmSync(empty, { recursive: true })
  })
})

describe.each(readdirSync(join(root, 'subgraphs')))('subgraph %s', (name) => {
  const folder = `subgraphs/${name}`

  it.each(['README.md', 'schema.graphql', 'src/main.ts', 'src/resolvers.ts', 'src/loaders.ts'])(
    'has its %s',
    (room) => expect(existsSync(join(root, folder, room))).toBe(true),
  )

  it('has a domain or a store', () => {
    expect(['domain', 'store'].some((room) => existsSync(join(root, folder, 'src', room)))).toBe(true)
  })

  it.each(['src/ports.ts', 'src/reactions.ts', 'src/projections'])('has its %s, or says why not', (room) => {
    const saysWhyNot = read(`${folder}/README.md`).includes(`No \`${room}\`: `)
    expect(existsSync(join(root, folder, room))).toBe(!saysWhyNot)
  })

  it('says in its README what it owns, tells, listens to, keeps and costs', () => {
    const readme = read(`${folder}/README.md`)
    for (const word of ['owns', 'tells', 'listens', 'tables', 'budgets'])
      expect(readme).toMatch(new RegExp(`^\\| \\**${word}\\** *\\|`, 'm'))
  })
})

describe('every file', () => {
  const lines = new Map(files.map((path) => [path, read(path).split('\n').length - 1]))
  const code = [...lines].filter(([path]) => !isProof(path))

  it('keeps to 200 lines, a test to 400, or says why not', () => {
    const over = [...lines].filter(([path, count]) => count > (isProof(path) ? 400 : 200))
    expect(over.filter(([path]) => !/@NOTE budget: \w+/.test(read(path)))).toEqual([])
  })

  it('has 80 lines or less in the median', () => {
    const counts = code.map(([, count]) => count).sort((a, b) => a - b)
    expect(counts.length).toBeGreaterThan(200)
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(80)
  })

  it('knows its types: no any, and no rule about it switched off', () => {
    const any = /[:<(|&,]\s*any\s*[;,)>\]=|&{[]|\bas any\b|biome-ignore lint\/suspicious\/noExplicitAny/
    const guilty = files.filter(
      (path) => path !== 'tests/architecture.test.ts' && any.test(withoutComments(read(path))),
    )
    expect(guilty).toEqual([])
  })

  it('is no barrel', () => {
    expect(files.filter((path) => /(^|\/)index\.(ts|mjs)$/.test(path))).toEqual([])
    expect(files.filter((path) => /^export \* from/m.test(read(path)))).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}
