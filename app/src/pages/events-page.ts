import type { Page } from './page.ts'

/** The bus, live. */
export const eventsPage: Page = {
  title: 'Events',
  script: '/assets/events.js',
  body: `<h1>Events</h1>
<p class="lead">Every change in the shop leaves as a fact on one bus. Place an order in the <a href="/sandbox">sandbox</a> and watch it travel.</p>
<div class="toolbar"><label>Filter <input id="filter" type="search" placeholder="OrderCreated, order-O-…, orders"></label><span id="status" class="tag" role="status">connecting…</span></div>
<div class="wide"><table class="events"><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Told by</th><th scope="col">Fact</th><th scope="col">About</th><th scope="col">Stream · version</th><th scope="col">Correlation</th></tr></thead><tbody id="events"></tbody></table></div>`,
}
