// Opens the laboratory with this shop's collections and tokens. What you changed yourself is kept in this browser.
const STORE = 'hive-laboratory'
const config = await (await fetch('/sandbox/config.json')).json()
const saved = (name) => JSON.parse(localStorage.getItem(`${STORE}:${name}`) ?? 'null')
const ours = new Set(config.collections.map((collection) => collection.id))

// The laboratory sends text. Who may only run documents by id names one in the extensions; it goes in place of the text.
const send = globalThis.fetch
globalThis.fetch = (address, init) => {
  if (typeof init?.body !== 'string' || !init.body.includes('"documentId"')) return send(address, init)
  const { query: _, extensions: { documentId, ...extensions } = {}, ...rest } = JSON.parse(init.body)
  if (documentId === undefined) return send(address, init)
  return send(address, { ...init, body: JSON.stringify({ ...rest, documentId, extensions }) })
}

HiveLaboratory.renderLaboratory(document.querySelector('#root'), {
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  enableDocs: true,
  defaultEndpoint: `${location.origin}/graphql`,
  defaultCollections: [
    ...config.collections,
    ...(saved('collections') ?? []).filter((collection) => !ours.has(collection.id)),
  ],
  // Tokens live as long as the shop runs, so this start's tokens replace the last one's.
  defaultEnv: { variables: { ...(saved('env')?.variables ?? {}), ...config.tokens } },
  defaultOperations: saved('operations') ?? [config.first],
  defaultTabs: saved('tabs') ?? [{ id: 'tab-first', type: 'operation', data: config.first }],
  defaultActiveTabId: saved('activeTabId') ?? 'tab-first',
  defaultSettings: saved('settings') ?? config.settings,
})
