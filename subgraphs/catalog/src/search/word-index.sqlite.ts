import { DatabaseSync } from 'node:sqlite'
import { prefixDistance } from './edit-distance.ts'
import { matchWords, searchWords } from './match-text.ts'

/** The words of products in SQLite FTS5, in memory. What a product is called by is its row, a number the caller gives. */
export interface WordIndex extends Disposable {
  put(row: number, words: ProductWords): void
  remove(row: number): void
  clear(): void
  /** Runs writes as one transaction. */
  batch(writes: () => void): void
  /** Every product in which each word begins some word, with its score: the lower the better (bm25). */
  match(text: string): ReadonlyMap<number, number>
  /** At most `first` products whose names have words beginning like these, best first. */
  matchNames(words: readonly string[], first: number): readonly number[]
  /** The nearest word of names, brands and keywords, or the word itself when nothing is near. */
  correct(word: string): string
}

export interface ProductWords {
  readonly name: string
  readonly brand: string
  readonly keywords: string
  readonly description: string
}

/** A word in the name says most: name, brand, keywords, description. */
const WEIGHTS = '10.0, 5.0, 3.0, 1.0'
/** Bounds on what one keystroke may cost. */
const MAX_NAME_MATCHES = 500
const MAX_TERMS = 5_000

// Contentless: names and texts live in the rows of the store, here are only words.
const SCHEMA = `
  create virtual table doc using fts5 (
    name, brand, keywords, description,
    content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
  );
  create virtual table term using fts5vocab (doc, 'col');`

export function openSqliteWordIndex(): WordIndex {
  const db = new DatabaseSync(':memory:')
  db.exec(SCHEMA)
  const insert = db.prepare(
    'insert into doc (rowid, name, brand, keywords, description) values (?, ?, ?, ?, ?)',
  )
  const drop = db.prepare('delete from doc where rowid = ?')
  // FTS5 deletes by writing rows of its own, whose ids do not fit into a number.
  for (const write of [insert, drop]) write.setReadBigInts(true)
  const match = db.prepare(`select rowid as row, bm25(doc, ${WEIGHTS}) as score from doc where doc match ?`)
  const names = db.prepare(`select row from
    (select rowid as row, bm25(doc, 1.0, 0.0, 0.0, 0.0) as score from doc where doc match ? limit ${MAX_NAME_MATCHES})
    order by score, row limit ?`)
  const terms = db.prepare(`select distinct term from term
    where term >= ? and term < ? and col <> 'description' limit ${MAX_TERMS}`)

  return {
    put: (row, words) => void insert.run(row, words.name, words.brand, words.keywords, words.description),
    remove: (row) => void drop.run(row),
    clear: () => db.exec('delete from doc'),
    batch: (writes) => inTransaction(db, writes),
    match(text) {
      const expression = matchWords(searchWords(text))
      const found = expression === undefined ? [] : match.all(expression)
      return new Map(found.map((hit) => [Number(hit['row']), Number(hit['score'])]))
    },
    matchNames(words, first) {
      const expression = matchWords(words)
      if (expression === undefined) return []
      return names.all(`name : (${expression})`, first).map((hit) => Number(hit['row']))
    },
    correct(word) {
      // Whoever mistypes rarely does so on the first letter, and it keeps the search to a slice of the vocabulary.
      const initial = word.slice(0, 1)
      return nearest(word, () => terms.all(initial, `${initial}\u{10FFFF}`).map((row) => String(row['term'])))
    },
    [Symbol.dispose]: () => db.close(),
  }
}

/** One slip in a short word, two in a long one; none where any word would do. */
function nearest(word: string, candidates: () => readonly string[]): string {
  const limit = word.length < 4 ? 0 : word.length < 7 ? 1 : 2
  if (limit === 0) return word
  let best = { word, distance: limit + 1 }
  for (const candidate of candidates()) {
    const distance = prefixDistance(word, candidate, best.distance - 1)
    if (distance < best.distance) best = { word: candidate, distance }
    if (best.distance === 0) break
  }
  return best.word
}

function inTransaction(db: DatabaseSync, writes: () => void): void {
  db.exec('begin')
  try {
    writes()
    db.exec('commit')
  } catch (reason) {
    db.exec('rollback')
    throw reason
  }
}
