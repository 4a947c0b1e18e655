import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { QueryName, SubgraphName } from './graph.ts'

/** Where everything of this run lies and listens. */
export interface Site {
  readonly urls: ReadonlyMap<SubgraphName, string>
  readonly supergraphFile: string
  /** For files that a gateway needs; removed afterwards. */
  readonly folder: string
}

export interface Contestant {
  readonly id: string
  readonly label: string
  readonly kind: 'ours' | 'peer' | 'by hand'
  /** What two figures must have in common to be compared. */
  readonly sharing: 'nothing shared' | 'sub-requests shared' | 'in process'
  readonly queries: readonly QueryName[]
  /** Files, relative to `bench/peers`, without which it cannot run. */
  readonly needs: readonly string[]
  /** Program and arguments. It runs in the site's folder. */
  command(site: Site, port: number): readonly string[]
}

export const peersFolder: string = fileURLToPath(new URL('../../peers/', import.meta.url))

const root = fileURLToPath(new URL('../../../', import.meta.url))
const grafbase = 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase'
const hive = 'node_modules/@graphql-hive/gateway/dist/bin.js'
const node = process.execPath

export const contestants: readonly Contestant[] = [
  ours({ id: 'ours', label: 'Stoa', sharing: 'nothing shared' }),
  ours({ id: 'ours-share', label: 'Stoa --share', sharing: 'sub-requests shared' }),
  {
    id: 'ours-in-process',
    label: 'Stoa, subgraphs in process',
    kind: 'ours',
    sharing: 'in process',
    queries: ['heavy'],
    needs: [],
    command: ({ supergraphFile }, port) => [
      node,
      fileURLToPath(new URL('./in-process-main.ts', import.meta.url)),
      ...['--supergraph', supergraphFile, '--port', `${port}`],
    ],
  },
  {
    id: 'apollo',
    label: 'Apollo Gateway 2.14',
    kind: 'peer',
    sharing: 'nothing shared',
    queries: ['heavy', 'small'],
    needs: ['node_modules/@apollo/gateway/package.json'],
    command: ({ supergraphFile }, port) => [node, `${peersFolder}apollo.mjs`, supergraphFile, `${port}`],
  },
  hiveGateway({ id: 'hive', sharing: 'nothing shared', config: 'hive-nothing-shared.config.mjs' }),
  hiveGateway({ id: 'hive-share', sharing: 'sub-requests shared', config: 'hive.config.mjs' }),
  grafbaseGateway({ id: 'grafbase', sharing: 'nothing shared', share: false }),
  grafbaseGateway({ id: 'grafbase-share', sharing: 'sub-requests shared', share: true }),
  {
    id: 'by-hand',
    label: 'by hand',
    kind: 'by hand',
    sharing: 'nothing shared',
    queries: ['heavy', 'small'],
    needs: ['node_modules/undici/package.json'],
    command: ({ urls }, port) => [
      ...[node, `${peersFolder}by-hand.mjs`, `${port}`],
      ...[...urls].map(([name, url]) => `${name}=${url}`),
    ],
  },
  {
    id: 'by-hand-in-process',
    label: 'by hand, subgraphs in process',
    kind: 'by hand',
    sharing: 'in process',
    queries: ['heavy'],
    needs: ['node_modules/undici/package.json'],
    command: (_, port) => [node, `${peersFolder}by-hand.mjs`, `${port}`, 'in-process'],
  },
]

type Ours = Pick<Contestant, 'id' | 'label' | 'sharing'>

function ours(what: Ours): Contestant {
  const share = what.sharing === 'sub-requests shared' ? ['--share'] : []
  return {
    ...what,
    kind: 'ours',
    queries: ['heavy', 'small'],
    needs: [],
    command: ({ supergraphFile }, port) => [
      ...ownCommand(),
      ...['--supergraph', supergraphFile, '--port', `${port}`, ...share],
    ],
  }
}

/** What `npm run gateway` runs, without npm in between. */
function ownCommand(): readonly string[] {
  // The project's own file: it has this script.
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    readonly scripts: { readonly gateway: string }
  }
  const [, ...args] = scripts.gateway.split(' ')
  return [node, ...args.map((arg) => (arg.endsWith('.ts') ? `${root}${arg}` : arg))]
}

interface Hive extends Pick<Contestant, 'id' | 'sharing'> {
  readonly config: string
}

function hiveGateway({ config, ...what }: Hive): Contestant {
  return {
    ...what,
    label: 'Hive Gateway, Rust planner',
    kind: 'peer',
    queries: ['heavy', 'small'],
    needs: [hive, 'node_modules/@graphql-hive/router-runtime/package.json'],
    command: ({ supergraphFile }, port) => [
      ...[node, `${peersFolder}${hive}`, 'supergraph', supergraphFile, '--hive-router-runtime'],
      ...['--config-path', `${peersFolder}${config}`, '--host', '127.0.0.1', '--port', `${port}`],
    ],
  }
}

interface Grafbase extends Pick<Contestant, 'id' | 'sharing'> {
  readonly share: boolean
}

function grafbaseGateway({ share, ...what }: Grafbase): Contestant {
  return {
    ...what,
    label: 'Grafbase (Rust)',
    kind: 'peer',
    queries: ['heavy', 'small'],
    needs: [grafbase],
    command: ({ folder }, port) => [
      ...[`${peersFolder}${grafbase}`, '--home', folder, 'dev'],
      ...['--config', `${folder}/grafbase-${share}.toml`, '--listen-address', `127.0.0.1:${port}`],
    ],
  }
}
