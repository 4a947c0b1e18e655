/** Variables that make each saved operation work against the demo data (seed 42) as it stands. */
export function exampleVariables(operationName: string): Readonly<Record<string, unknown>> {
  return EXAMPLES[operationName] ?? {}
}

const SKU = 'KNI-0001-SKY-S'
const PRODUCT = 'P-KNI-0001'
/** Two orders of ada's: one fulfilled, one that may still be cancelled. */
const ORDER = 'gid://orders/Order/O-demo-000022'
const OPEN_ORDER = 'gid://orders/Order/O-demo-000043'
const GUEST_ORDER = 'gid://orders/Order/put-the-id-of-an-order-without-sign-in-here'
const NEAR = { latitude: 45.46, longitude: 9.19 }
const FRESH_KEY = 'a-fresh-key-for-each-order'
const CART = 'gid://orders/Cart/put-the-id-of-your-cart-here'
const ADDRESS = { name: 'Ada Conti', line1: 'Via Dante 7', postalCode: '20121', city: 'Milan', country: 'IT' }
const ADD = { cartId: CART, actions: [{ addLine: { sku: SKU, quantity: 1 } }] }

const checkout = (delivery: object): object => ({
  key: FRESH_KEY,
  input: { cartId: CART, email: 'ada@example.test', paymentToken: 'tok_visa', delivery },
})
const DELIVER = { method: 'DELIVERY', address: ADDRESS }

const EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AcmeAvailability: { sku: SKU },
  AcmeOrderStatus: { id: GUEST_ORDER },
  KioskBrowse: { filter: { category: 'knitwear' } },
  KioskCartCreate: { input: { lines: [{ sku: SKU, quantity: 1 }] } },
  KioskCheckout: { ...checkout({ method: 'PICKUP', locationId: 'ST-MIL' }) },
  KioskProduct: { productId: PRODUCT, near: NEAR },
  KioskScan: { sku: SKU },
  KioskStore: { locationId: 'ST-MIL' },
  MobileCartUpdate: { input: ADD },
  MobileCheckout: { ...checkout(DELIVER) },
  MobileOrder: { id: ORDER },
  MobileProduct: { productId: PRODUCT, near: NEAR },
  MobileProductList: { filter: { text: 'jumper' }, sort: 'PRICE_ASC' },
  WebAddressAdd: { input: { address: ADDRESS } },
  WebCart: { id: CART },
  WebCartCreate: { input: { lines: [{ sku: SKU, quantity: 1 }] } },
  WebCartUpdate: { input: ADD },
  WebCheckout: { ...checkout(DELIVER) },
  WebOrder: { id: ORDER },
  WebOrderCancel: { key: FRESH_KEY, input: { orderId: OPEN_ORDER, reason: 'Changed my mind' } },
  WebProductList: { first: 10, filter: { category: 'knitwear' }, sort: 'PRICE_ASC' },
  WebProductPage: { handle: 'vale-crew-neck-jumper-kni-0001' },
  WebRecommended: { first: 5 },
  WebSearchSuggestions: { text: 'ju' },
}
