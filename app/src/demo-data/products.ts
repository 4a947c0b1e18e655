import { type Currency, markets } from '@stoa/platform/market'
import type { Random } from '@stoa/platform/random'
import { assortment } from './assortment.ts'
import { drawChance, drawInt, drawOne, drawSome } from './draw.ts'
import type { CategoryPlan } from './plan.ts'
import { drawName } from './product-names.ts'

export interface DemoProduct {
  readonly productId: string
  readonly handle: string
  readonly name: string
  readonly description: string
  readonly brand: string
  readonly category: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly image: string
  readonly attributes: readonly DemoAttribute[]
  readonly variants: readonly DemoVariant[]
}

export interface DemoVariant {
  readonly sku: string
  readonly name: string
  readonly attributes: readonly DemoAttribute[]
  readonly prices: readonly DemoPrice[]
}

export interface DemoPrice {
  readonly market: string
  readonly currency: Currency
  readonly minor: number
}

export type DemoAttribute =
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly value: string }
  | { readonly kind: 'choice'; readonly name: string; readonly label: string; readonly value: string }
  | {
      readonly kind: 'number'
      readonly name: string
      readonly label: string
      readonly value: number
      readonly unit: string
    }
  | { readonly kind: 'boolean'; readonly name: string; readonly label: string; readonly value: boolean }

const BRANDS = [
  'Aldersey',
  'Bottega Nove',
  'Corvina',
  'Fjelltur',
  'Halden & Rowe',
  'Kestrel',
  'Lumen',
  'Nordlicht',
  'Ostra',
  'Pietra',
  'Saltmarsh',
  'Tessaro',
] as const
const USES: Readonly<Record<CategoryPlan['department'], readonly string[]>> = {
  clothing: ['for every day', 'made to last', 'for the first cold mornings', 'with clean lines'],
  home: ['made to last', 'with clean lines', 'that gets better with age', 'for small rooms and big plans'],
  outdoor: [
    'for long weekends',
    'made to last',
    'with nothing you do not need',
    'for the way there and back',
  ],
}
/** What one euro is in a market's currency, and where its prices like to end. */
const MARKET_FACTORS: Readonly<Record<Currency, number>> = { EUR: 1, GBP: 0.87, CHF: 1.05 }
const DAY_MS = 86_400_000
const PRODUCTS_PER_CATEGORY = 42

/** About 500 products with about 2,000 variants at scale 1; the same random gives the same assortment. */
export function makeProducts(
  random: Random,
  options: { readonly scale: number; readonly now: number },
): readonly DemoProduct[] {
  const count = Math.max(1, Math.round(PRODUCTS_PER_CATEGORY * options.scale))
  const taken = new Set<string>()
  return assortment.flatMap((plan) =>
    Array.from({ length: count }, (_, index) =>
      makeProduct(random, { plan, number: index + 1, now: options.now, taken }),
    ),
  )
}

interface ProductRequest {
  readonly plan: CategoryPlan
  readonly number: number
  readonly now: number
  readonly taken: Set<string>
}

function makeProduct(random: Random, { plan, number, now, taken }: ProductRequest): DemoProduct {
  const [noun, materials] = drawOne(random, plan.goods)
  const material = drawOne(random, materials)
  const brand = drawOne(random, BRANDS)
  const name = drawName(random, { noun, material, brand }, taken)
  const code = `${plan.code}-${String(number).padStart(4, '0')}`
  const [low, high] = plan.price
  const euros = low + Math.floor((high - low) * random.next() ** 2)
  return {
    productId: `P-${code}`,
    handle: `${slug(name)}-${code.toLowerCase()}`,
    name,
    description: `${noun} in ${material}, ${drawOne(random, USES[plan.department])}.`,
    brand,
    category: plan.handle,
    createdAt: now - drawInt(random, 1, 900) * DAY_MS,
    image: `/images/P-${code}.svg`,
    attributes: productAttributes(random, plan, material),
    variants: makeVariants(random, plan, { code, name, euros }),
  }
}

function productAttributes(random: Random, plan: CategoryPlan, material: string): readonly DemoAttribute[] {
  return [
    { kind: 'text', name: 'material', label: 'Material', value: material },
    ...plan.choices.map((choice) => ({
      kind: 'choice' as const,
      name: choice.name,
      label: choice.label,
      value: drawOne(random, choice.values),
    })),
    ...plan.numbers.map(({ range, ...number }) => ({
      kind: 'number' as const,
      ...number,
      value: drawInt(random, range[0], range[1]),
    })),
    ...plan.flags.map((flag) => ({ kind: 'boolean' as const, ...flag, value: drawChance(random, 0.4) })),
  ]
}

function makeVariants(
  random: Random,
  plan: CategoryPlan,
  product: { readonly code: string; readonly name: string; readonly euros: number },
): readonly DemoVariant[] {
  const colours = drawSome(random, plan.colours, drawInt(random, 1, 2))
  const sizes = drawSome(random, plan.sizes, Math.min(plan.sizes.length, drawInt(random, 2, 4)))
  return colours.flatMap((colour) =>
    sizes.map((size, step) => ({
      sku: `${product.code}-${colour.slice(0, 3).toUpperCase()}-${slug(size).toUpperCase()}`,
      name: `${product.name}, ${colour}, ${size}`,
      attributes: [
        { kind: 'choice', name: 'colour', label: 'Colour', value: colour },
        { kind: 'choice', name: 'size', label: 'Size', value: size },
      ],
      // Homeware costs more the bigger it is; clothing costs the same in every size.
      prices: pricesOf(plan.department === 'home' ? product.euros * (1 + step * 0.35) : product.euros),
    })),
  )
}

function pricesOf(euros: number): readonly DemoPrice[] {
  return markets.map((market) => {
    const whole = Math.max(2, Math.round(euros * MARKET_FACTORS[market.currency]))
    const ending = market.currency === 'CHF' ? -10 : market.currency === 'GBP' ? -1 : -5
    return { market: market.code, currency: market.currency, minor: whole * 100 + ending }
  })
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
}
