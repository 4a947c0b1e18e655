import type { CatalogImport, ImportProduct, ImportVariant } from './assortment.ts'

/** Four products with names, small enough to know by heart. */
export const smallShop: CatalogImport = {
  categories: [
    { handle: 'clothing', name: 'Clothing' },
    { handle: 'shirts', name: 'Shirts', parent: 'clothing', description: 'With a collar.' },
    { handle: 'knitwear', name: 'Knitwear', parent: 'clothing' },
    { handle: 'home', name: 'Home' },
  ],
  products: [
    product({
      productId: 'P-ARNO',
      handle: 'arno-linen-shirt',
      name: 'Arno Linen Shirt',
      brand: 'Corvina',
      category: 'shirts',
      createdAt: 1_000,
      variants: [
        sized('ARNO-NAVY-S', 'Navy', 'S', 7_900),
        sized('ARNO-NAVY-M', 'Navy', 'M', 7_900),
        sized('ARNO-RED-S', 'Red', 'S', 5_900),
      ],
    }),
    product({
      productId: 'P-ELBA',
      handle: 'elba-oxford-shirt',
      name: 'Elba Oxford Shirt',
      brand: 'Kestrel',
      category: 'shirts',
      createdAt: 2_000,
      variants: [sized('ELBA-RED-M', 'Red', 'M', 8_900), sized('ELBA-WHITE-M', 'White', 'M', 8_900)],
    }),
    product({
      productId: 'P-FELL',
      handle: 'fell-jumper',
      name: 'Fell Jumper',
      brand: 'Corvina',
      category: 'knitwear',
      createdAt: 3_000,
      description: 'A jumper to wear over a linen shirt.',
      variants: [sized('FELL-NAVY-M', 'Navy', 'M', 11_900)],
    }),
    {
      ...product({
        productId: 'P-JURA',
        handle: 'jura-kaesebrett',
        name: 'Jura Käsebrett',
        brand: 'Pietra',
        category: 'home',
        createdAt: 4_000,
        variants: [
          {
            sku: 'JURA-1',
            name: 'Jura Käsebrett',
            attributes: [],
            prices: [{ market: 'DE', minor: 3_900, currency: 'EUR' }],
          },
        ],
      }),
      attributes: [
        { kind: 'text', name: 'material', label: 'Material', value: 'oiled walnut' },
        { kind: 'number', name: 'weight', label: 'Weight', value: 1.2, unit: 'kg' },
        { kind: 'boolean', name: 'dishwasher', label: 'Dishwasher safe', value: false },
        { kind: 'choice', name: 'origin', label: 'Origin', value: 'ch', valueLabel: 'Switzerland' },
      ],
    },
  ],
}

type Essentials = Omit<ImportProduct, 'attributes' | 'image'>

function product(essentials: Essentials): ImportProduct {
  return { ...essentials, attributes: [], image: `/images/${essentials.productId}.svg` }
}

function sized(sku: string, colour: string, size: string, minor: number): ImportVariant {
  return {
    sku,
    name: `${colour}, ${size}`,
    attributes: [
      { kind: 'choice', name: 'colour', label: 'Colour', value: colour.toLowerCase(), valueLabel: colour },
      { kind: 'choice', name: 'size', label: 'Size', value: size },
    ],
    prices: [
      { market: 'IT', minor, currency: 'EUR' },
      { market: 'DE', minor: minor + 100, currency: 'EUR' },
      { market: 'GB', minor: minor - 1_000, currency: 'GBP' },
    ],
  }
}
