// What plain good Node does when it has to answer only these two queries: undici, parse, project, stringify,
// node:http. Nothing of GraphQL is left at run time. Usage: node by-hand.mjs PORT NAME=URL …
// or node by-hand.mjs PORT in-process, with the subgraphs in this process and their answers as objects.
import { createServer } from 'node:http'
import { Pool } from 'undici'

const [port, ...named] = process.argv.slice(2)
const subgraphs =
  named[0] === 'in-process'
    ? await subgraphsHere()
    : new Map(named.map((text) => openSubgraph(...text.split('='))))
const plans = { Heavy: heavy, Small: small }

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { query } = JSON.parse(Buffer.concat(chunks))
    const name = query.includes('query Heavy') ? 'Heavy' : 'Small'
    plans[name]().then(
      (data) => send(response, 200, { data }),
      (reason) => send(response, 500, { errors: [{ message: String(reason) }] }),
    )
  })
}).listen(Number(port), '127.0.0.1')

function send(response, status, answer) {
  const text = JSON.stringify(answer)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  response.writeHead(status, headers).end(text)
}

function openSubgraph(name, url) {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: 50 })
  const headers = { 'content-type': 'application/json' }
  async function ask(query, variables) {
    const body = JSON.stringify({ query, variables })
    const answer = await pool.request({ method: 'POST', path: pathname, headers, body })
    const { data, errors } = JSON.parse(await answer.body.text())
    if (errors) throw new Error(errors[0].message)
    return data
  }
  return [name, ask]
}

async function subgraphsHere() {
  const { createRememberedAnswers } = await import('../src/gateway/remembered-answers.ts')
  const answers = Array.from(createRememberedAnswers())
  return new Map(
    answers.map(([name, answer]) => [
      name,
      async (query, variables) => (await answer({ query, variables })).data,
    ]),
  )
}

async function entities(name, selection, representations) {
  const query = `query($r:[_Any!]!){_entities(representations:$r){${selection}}}`
  const data = await subgraphs.get(name)(query, { r: representations })
  return data._entities
}

async function small() {
  const { me } = await subgraphs.get('accounts')('{me{id name username birthday}}')
  return { me: { id: me.id, name: me.name, username: me.username, birthday: me.birthday } }
}

const LEAF = 'reviews{id body product{upc}}'
const AUTHORS = `reviews{id body author{id username ${LEAF}}}`

async function heavy() {
  const [{ users }, { topProducts }] = await Promise.all([
    subgraphs.get('accounts')('{users{id username name}}'),
    subgraphs.get('products')('{topProducts(first:5){upc name price weight}}'),
  ])
  const [ofUsers, ofProducts] = await Promise.all([
    entities('reviews', `...on User{reviews{id body product{upc ${AUTHORS}}}}`, users.map(userKey)),
    entities('reviews', `...on Product{${AUTHORS}}`, topProducts.map(productKey)),
  ])
  const known = await know(ofUsers, ofProducts)
  return {
    users: users.map((user, i) => ({
      ...nameOf(user, known),
      reviews: ofUsers[i].reviews.map(({ id, body, product }) => ({
        id,
        body,
        product: { ...known.products.get(product.upc), reviews: authored(product.reviews, known) },
      })),
    })),
    topProducts: topProducts.map(({ upc }, i) => ({
      ...known.products.get(upc),
      reviews: authored(ofProducts[i].reviews, known),
    })),
  }
}

/** Names, prices and stock of everyone and everything that the reviews lead to, each asked for once. */
async function know(ofUsers, ofProducts) {
  const upcs = new Set()
  const ids = new Set()
  for (const { reviews } of ofUsers)
    for (const { product } of reviews) {
      upcs.add(product.upc)
      collect(product.reviews, upcs, ids)
    }
  for (const { reviews } of ofProducts) collect(reviews, upcs, ids)
  const userKeys = Array.from(ids, (id) => userKey({ id }))
  const productKeys = Array.from(upcs, (upc) => productKey({ upc }))
  const [people, goods] = await Promise.all([
    entities('accounts', '...on User{id name}', userKeys),
    entities('products', '...on Product{upc name price weight}', productKeys),
  ])
  const priced = goods.map(({ upc, price, weight }) => ({ __typename: 'Product', upc, price, weight }))
  const stock = await entities('inventory', '...on Product{inStock shippingEstimate}', priced)
  const products = goods.map(({ upc, name, price, weight }, i) => {
    const { inStock, shippingEstimate } = stock[i]
    return [upc, { inStock, name, price, shippingEstimate, upc, weight }]
  })
  return { names: new Map(people.map(({ id, name }) => [id, name])), products: new Map(products) }
}

function collect(reviews, upcs, ids) {
  for (const { author } of reviews) {
    ids.add(author.id)
    for (const { product } of author.reviews) upcs.add(product.upc)
  }
}

function authored(reviews, known) {
  return reviews.map(({ id, body, author }) => ({
    id,
    body,
    author: {
      ...nameOf(author, known),
      reviews: author.reviews.map((review) => ({
        id: review.id,
        body: review.body,
        product: known.products.get(review.product.upc),
      })),
    },
  }))
}

function nameOf({ id, username }, { names }) {
  return { id, username, name: names.get(id) }
}

function userKey({ id }) {
  return { __typename: 'User', id }
}

function productKey({ upc }) {
  return { __typename: 'Product', upc }
}
