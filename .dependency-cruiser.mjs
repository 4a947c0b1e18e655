// The import law: the table of docs/architecture.md as code. `npm run check` and tests/architecture.test.ts apply it.
// A test file obeys the law of its folder; it may use any test library besides.
import { Visitor } from '@swc/core/Visitor.js'

// The visitor that dependency-cruiser walks with is older than `using`, and stops at it.
const visitStatement = Visitor.prototype.visitStatement
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement)
  return { ...statement, decls: this.visitVariableDeclarators(statement.decls) }
}

const test = '\\.(test|contract|fixture)\\.ts$'

/** `from` may import from `to` and from nowhere else of ours. */
function only(name, from, to, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: {
      path: '^(schema|platform|gateway|subgraphs|adapters|lake|app|heads|deploy|bench|tests|tools)/',
      pathNot: to,
    },
  }
}

export default {
  forbidden: [
    only(
      'schema-stands-alone',
      '^schema/',
      '^schema/',
      'Contracts come first: they depend on nothing of ours.',
    ),
    only('platform-stands-alone', '^platform/', '^platform/', 'The vocabulary knows no domain.'),
    only('gateway', '^gateway/', '^(gateway|schema|platform)/', 'The front knows contracts, not subgraphs.'),
    only(
      'subgraphs-never-meet',
      '^subgraphs/([^/]+)/',
      '^(subgraphs/$1|schema|platform|adapters)/',
      'Subgraphs meet in the graph and on the bus, never in an import.',
    ),
    {
      name: 'adapters-only-in-main',
      comment: 'A port is declared by who needs it; only main.ts sees port and adapter.',
      severity: 'error',
      from: { path: '^subgraphs/', pathNot: ['/src/main\\.ts$', test] },
      to: { path: '^adapters/' },
    },
    only(
      'adapters-never-meet',
      '^adapters/([^/]+)/',
      '^(adapters/$1|schema|platform)/',
      'An adapter speaks one vendor’s language and ours.',
    ),
    {
      name: 'adapters-know-only-events',
      comment: 'Of the contracts, an adapter needs the events.',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^schema/', pathNot: '^schema/src/(events|event-registry|events\\.generated)\\.ts$' },
    },
    only('lake', '^lake/', '^(lake|schema|platform)/', 'The lake keeps facts and knows no domain.'),
    {
      name: 'servers-are-for-tests',
      comment: 'Real servers to try things on: whoever starts one for a test, a benchmark or `--stack`.',
      severity: 'error',
      from: { pathNot: ['^(servers|app|bench|tests)/', test, '/test/'] },
      to: { path: '^servers/' },
    },
    only('servers-stand-alone', '^servers/', '^servers/', 'A server of somebody else knows nothing of ours.'),
    only('heads-talk-http', '^heads/([^/]+)/', '^heads/$1/', 'A head knows its generated operations only.'),
    {
      name: 'schema-libraries',
      comment: 'Contracts may use graphql and the composer; the generator also its development tools.',
      severity: 'error',
      from: { path: '^schema/src/', pathNot: ['^schema/src/generate/', test] },
      to: { path: 'node_modules', pathNot: 'node_modules/(graphql|@theguild/federation-composition)/' },
    },
    {
      name: 'pure-domain',
      comment:
        'The domain knows no input, output, clock or library: itself, pure parts of the platform, event types.',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/src/domain/', pathNot: test },
      to: {
        pathNot: [
          '^subgraphs/[^/]+/src/domain/',
          '^platform/src/(decider|event|id|invariant|json|market|money|result|sort-order)\\.ts$',
          '^schema/src/events(\\.generated)?\\.ts$',
        ],
      },
    },
    {
      name: 'through-the-exports',
      comment: 'Import another package by its name; its exports map is its public API.',
      severity: 'error',
      from: {
        path: '^((?:subgraphs|adapters|heads)/[^/]+|schema|platform|gateway|lake|app|servers|bench|tests|tools)/',
      },
      to: {
        path: '^(schema|platform|gateway|subgraphs|adapters|lake|app|servers|heads|bench|tests|tools)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one idea. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'A package that is not installed, or a path that is not exported.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Without swc, TypeScript 7 leaves no parser: it would see no modules and report success.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)data/', '\\.generated\\.ts$', '^bench/peers/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
}
