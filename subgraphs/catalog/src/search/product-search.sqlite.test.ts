import { productSearchContract } from './product-search.contract.ts'
import { openSqliteProductSearch } from './product-search.sqlite.ts'

productSearchContract('the SQLite index', openSqliteProductSearch)
