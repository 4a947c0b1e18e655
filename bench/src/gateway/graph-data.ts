export interface User {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly birthday: number
  readonly reviews: readonly Review[]
}

export interface Product {
  readonly upc: string
  readonly name: string
  readonly price: number
  readonly weight: number
  readonly inStock: boolean
  readonly shippingEstimate: number
  readonly reviews: readonly Review[]
}

export interface Review {
  readonly id: string
  readonly body: string
  readonly author: User
  readonly product: Product
}

/** Objects that lead to each other, so that graphql-js answers any query over them with its default resolvers. */
export interface GraphData {
  readonly users: readonly User[]
  readonly products: readonly Product[]
}

/** Free above 1,000 (the price's own unit), else half the weight: inventory's rule, which needs products' fields. */
export function shippingEstimate({ price, weight }: { price: number; weight: number }): number {
  return price > 1_000 ? 0 : Math.round(weight * 0.5)
}

/** The same at every call. The number and length of the reviews make the heavy answer about 87 kB. */
export function createGraphData(): GraphData {
  const written = new Map<User, Review[]>()
  const received = new Map<Product, Review[]>()
  const users = people.map(([name, username], index) => {
    const reviews: Review[] = []
    const user: User = { id: `${index + 1}`, name, username, birthday: 7_305 + index * 611, reviews }
    written.set(user, reviews)
    return user
  })
  const products = goods.map(([name, price, weight], index) => {
    const reviews: Review[] = []
    const estimate = shippingEstimate({ price, weight })
    const product: Product = {
      upc: `${index + 1}`,
      name,
      price,
      weight,
      inStock: index % 3 !== 2,
      shippingEstimate: estimate,
      reviews,
    }
    received.set(product, reviews)
    return product
  })
  for (const [index, [by, about, body]] of opinions.entries()) {
    const author = at(users, by)
    const product = at(products, about)
    const review: Review = { id: `${index + 1}`, body, author, product }
    written.get(author)?.push(review)
    received.get(product)?.push(review)
  }
  return { users, products }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`The bench's data names item ${index} of ${list.length}.`)
  return item
}

const people: readonly (readonly [name: string, username: string])[] = [
  ['Ada Rossi', 'ada.rossi'],
  ['Bo Lindqvist', 'bo.lindqvist'],
  ['Cleo Marchetti', 'cleo.marchetti'],
  ['Dan Okafor', 'dan.okafor'],
  ['Eva Novak', 'eva.novak'],
  ['Finn Keller', 'finn.keller'],
]

const goods: readonly (readonly [name: string, price: number, weight: number])[] = [
  ['Table', 899, 100],
  ['Couch', 1_299, 1_000],
  ['Glass', 15, 20],
  ['Chair', 499, 100],
  ['Television', 1_799, 1_200],
  ['Desk lamp', 59, 40],
  ['Bookshelf', 249, 800],
  ['Rug', 180, 300],
  ['Grill', 799, 600],
]

/** Everybody has an opinion on something; table and couch are the best known. */
const opinions: readonly (readonly [author: number, product: number, body: string])[] = [
  [0, 0, 'Love it: it fits exactly where the old one stood.'],
  [0, 1, 'Too expensive for what it is, but very comfortable.'],
  [1, 0, 'Could be better finished underneath; it scratches.'],
  [1, 2, 'Prefer something else for every day, this one is for guests.'],
  [2, 0, 'Came a day early and was put together in ten minutes.'],
  [2, 3, 'Sturdy, plain and quiet on a wooden floor.'],
  [3, 1, 'My dog has decided that it is hers, and who could blame her.'],
  [3, 4, 'The picture is bright enough even in the afternoon.'],
  [4, 1, 'Deep enough to sleep on when friends stay overnight.'],
  [4, 5, 'Warm light, small foot, long cable.'],
  [5, 0, 'Bought a second one for the balcony after a month.'],
  [5, 1, 'The covers come off and survive the washing machine.'],
  [1, 1, 'Heavy, but four people carried it up without a word.'],
  [3, 0, 'Wobbled until the second screw was tightened.'],
  [4, 0, 'Seats six, eight if they like each other.'],
  [2, 6, 'Holds more than it promises and leans on nothing.'],
  [0, 7, 'Soft, and the colour is the one in the picture.'],
  [5, 8, 'Hot in ten minutes, clean in five.'],
  [2, 1, 'Reads like a good book: hard to get up from.'],
  [3, 2, 'Thin, light and still whole after a year.'],
  [1, 4, 'Loud enough for the next room as well.'],
  [4, 3, 'Four of them went through the door at once.'],
]
