import { describe } from '@jest/globals'
import { facetsContract, pagesContract } from './facets.contract.ts'
import type { ProductSearch } from './product-search.ts'
import { modelContract } from './search-model.contract.ts'
import { suggestionsContract, wordsContract } from './words.contract.ts'

/** What every engine of the index must satisfy. */
export function productSearchContract(name: string, open: () => ProductSearch): void {
  describe(`${name} keeps the search contract`, () => {
    wordsContract(open)
    facetsContract(open)
    pagesContract(open)
    suggestionsContract(open)
    modelContract(open)
  })
}
