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
  const cells = [
    new Date(event.at).toISOString().slice(11, 23),
    event.source,
    event.type,
    event.stream,
    String(event.version),
    event.correlationId,
  ]
  row.append(...cells.map(cell))
  row.hidden = !matches(row)
  rows.prepend(row)
  while (rows.children.length > LONGEST) rows.lastElementChild.remove()
  say('live')
}

function cell(text) {
  const element = document.createElement('td')
  element.textContent = text
  return element
}

function matches(row) {
  return row.textContent.toLowerCase().includes(filter.value.trim().toLowerCase())
}
