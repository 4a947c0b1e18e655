// Shows the bus live. Plain browser JavaScript: what is here is what runs.
const rows = document.querySelector('#events')
const filter = document.querySelector('#filter')
const status = document.querySelector('#status')
const LONGEST = 500
let count = 0

const source = new EventSource('/events/stream')
source.onopen = () => say('live')
source.onerror = () => say('connection lost, trying again…')
source.onmessage = (message) => add(JSON.parse(message.data))
filter.addEventListener('input', () => {
  for (const row of rows.children) row.hidden = !matches(row)
})

function say(text) {
  status.textContent = `${text} · ${count} events seen`
}

function add(event) {
  count += 1
  const row = document.createElement('tr')
  row.className = 'fresh'
  const about = Object.entries(event.about).map(([name, value]) => `${name} ${value}`)
  row.append(
    cell(new Date(event.at).toISOString().slice(11, 23)),
    cell(event.source),
    cell(event.type),
    cell(about.join(' · ')),
    cell(`${event.stream} · ${event.version}`, 'id'),
    cell(event.correlationId, 'id'),
  )
  row.hidden = !matches(row)
  rows.prepend(row)
  while (rows.children.length > LONGEST) rows.lastElementChild.remove()
  say('live')
}

/** An id is cut off where it is too long; pointing at it shows all of it. */
function cell(text, kind = '') {
  const element = document.createElement('td')
  element.className = kind
  element.textContent = text
  if (kind === 'id') element.title = text
  return element
}

function matches(row) {
  return row.textContent.toLowerCase().includes(filter.value.trim().toLowerCase())
}
