import { mapPicture } from './map.ts'
import { escapeHtml, type Page } from './page.ts'

export interface IndexFacts {
  readonly version: string
  readonly subgraphs: readonly { readonly name: string; readonly fields: number }[]
  readonly simulators: readonly { readonly name: string; readonly url: string }[]
  readonly accounts: readonly { readonly who: string; readonly email: string; readonly password: string }[]
  readonly issuer: string
}

/** What is here, for somebody who has just typed `npm start`. */
export function indexPage(facts: IndexFacts): Page {
  return {
    title: 'Welcome',
    body: `<h1>One roof over every commerce system</h1>
<p class="lead">This is a whole shop: a federated graph over ${facts.subgraphs.length} subgraphs, stock that is reserved, orders that travel to fulfilment through events. Version ${escapeHtml(facts.version)}, everything on this machine.</p>
<ul class="cards">
${card('/sandbox', 'Sandbox', 'Query the graph; saved operations per head, query plans, demo sign-ins. Open this first.')}
${card('/events', 'Events', 'Every change as it happens: place an order and watch it travel.')}
<li><strong>GraphQL endpoint</strong><p>POST a query to <code>/graphql</code>; browsing needs no sign-in.</p></li>
${card('/readyz', 'Health', 'Is everything up? Also /livez and /version.')}
</ul>
<h2>The map</h2>
<div class="wide">${mapPicture()}</div>
<h2>Try this first</h2>
<pre>curl -s localhost:4000/graphql -H 'content-type: application/json' \\
  -d '{"query":"{ products(first: 2) { nodes { id name } } }"}'</pre>
<h2>Sign in</h2>
${table(
  ['Who', 'E-mail', 'Password'],
  facts.accounts.map((account) => [account.who, account.email, account.password]),
)}
<p>Issuer: <code>${escapeHtml(facts.issuer)}</code>. The sandbox has a token for each of them.</p>
<h2>Behind the shop</h2>
${table(
  ['Simulator', 'Where', 'Its own ledger'],
  facts.simulators.map(({ name, url }) => [name, url, `${url}/admin/ledger`]),
)}
<p>Each can be made slow, failing, duplicating or dead by <code>POST /admin/behaviour</code>.</p>`,
  }
}

function card(href: string, title: string, text: string): string {
  return `<li><a href="${href}">${title}</a><p>${text}</p></li>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string): string =>
    row.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')
  return `<div class="wide"><table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table></div>`
}
