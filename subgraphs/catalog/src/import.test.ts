import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { type CatalogImport, importCatalog } from './import.ts'
import { smallShop } from './small-shop.fixture.ts'
import { loadCategories } from './store/category-rows.ts'
import { loadAllProducts } from './store/product-rows.ts'

const [arno, elba] = smallShop.products
if (!arno || !elba) throw new Error('the small shop has products')

describe('importing an assortment', () => {
  it('writes every product and category, and tells no facts', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    expect(await importCatalog(store, smallShop)).toEqual({ products: 4, variants: 7, skipped: 0 })
    expect((await loadAllProducts(store)).map((product) => product.productId).sort()).toEqual([
      'P-ARNO',
      'P-ELBA',
      'P-FELL',
      'P-JURA',
    ])
    expect((await loadCategories(store)).path('shirts').map(({ name }) => name)).toEqual([
      'Shirts',
      'Clothing',
    ])
    expect(await store.load('product-P-ARNO')).toEqual([])
  })

  it('takes in what is missing and leaves the rest as it is', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    await importCatalog(store, { ...smallShop, products: [arno] })
    const renamed = smallShop.products.map((product) => ({ ...product, name: 'Renamed' }))
    expect(await importCatalog(store, { ...smallShop, products: renamed })).toEqual({
      products: 3,
      variants: 4,
      skipped: 1,
    })
    const names = (await loadAllProducts(store)).map((product) => product.name)
    expect(names.filter((name) => name === 'Arno Linen Shirt')).toHaveLength(1)
  })

  it('refuses a SKU that another product has, and says which', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    await importCatalog(store, { ...smallShop, products: [arno] })
    const thief = { ...elba, variants: arno.variants }
    await expect(importCatalog(store, { ...smallShop, products: [thief] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('ARNO-NAVY-S'),
    })
  })

  it('names everything that is wrong, and writes nothing', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    const broken: CatalogImport = {
      categories: [
        ...smallShop.categories,
        { handle: 'a', name: 'A', parent: 'b' },
        { handle: 'b', name: 'B', parent: 'a' },
        { handle: 'c', name: 'C', parent: 'none' },
      ],
      products: [
        arno,
        { ...arno, productId: 'P ARNO', category: 'hats', variants: [] },
        { ...elba, attributes: [{ kind: 'text', name: 'brand', label: 'Brand', value: 'x' }] },
        {
          ...elba,
          productId: 'P-BAD',
          handle: 'bad',
          variants: [
            { sku: 'A!', name: 'A', attributes: [], prices: [{ market: 'IT', minor: 1, currency: 'CHF' }] },
            { sku: 'B', name: 'B', attributes: [], prices: [{ market: 'FR', minor: 1, currency: 'EUR' }] },
            { sku: 'C', name: 'C', attributes: [], prices: [{ market: 'IT', minor: -1, currency: 'EUR' }] },
            { sku: 'C', name: 'C', attributes: [], prices: [{ market: 'IT', minor: 1.5, currency: 'EUR' }] },
          ],
        },
      ],
    }
    const failure = await importCatalog(store, broken).catch((reason: unknown) => reason)
    expect(failure).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('14 problems') })
    expect(await loadAllProducts(store)).toEqual([])
  })
})
