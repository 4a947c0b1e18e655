/**
 * A place for objects that are written once: a folder, a bucket. Nothing is ever changed; what is there under a key is
 * there whole. Throws faults: STORE_UNAVAILABLE (away, throttled), BAD_CONFIG (bucket, credentials), DISK_FULL,
 * READ_ONLY_STORE.
 */
export interface ObjectStore {
  /** Writes it unless the key is taken. `kept`: somebody, perhaps we in an earlier try, has written it already. */
  putOnce(object: NewObject): Promise<'written' | 'kept'>
  /** Undefined when there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>
  /** Keys that begin with `prefix`, in the order of their bytes, at most 1,000 at once. */
  list(query: ListQuery): Promise<ObjectPage>
  /** Forgets them; those that are gone already do no harm. At most 1,000 at once. */
  remove(keys: readonly string[]): Promise<void>
}

export interface NewObject {
  /** `events/format=jsonl/…`: slashes part it, no part begins with a dot. */
  readonly key: string
  readonly body: Uint8Array
  readonly contentType: string
}

export interface ListQuery {
  readonly prefix: string
  /** `next` of the last page. */
  readonly after?: string
}

export interface ObjectPage {
  readonly keys: readonly string[]
  /** Undefined on the last page. */
  readonly next?: string
}

/** What one list or one removal may hold; the limit of S3. */
export const MOST_KEYS = 1000

/** Every key under a prefix, in order, page by page. */
export async function* listAll(objects: ObjectStore, prefix: string): AsyncGenerator<string> {
  let after: string | undefined
  do {
    const page: ObjectPage = await objects.list({ prefix, ...(after === undefined ? {} : { after }) })
    yield* page.keys
    after = page.next
  } while (after !== undefined)
}

/** How many objects are read at once. */
const READERS = 16

/** Their bodies in the order of the keys, some at a time; undefined for those that are gone. */
export async function* readMany(
  objects: ObjectStore,
  keys: readonly string[],
): AsyncGenerator<{ readonly key: string; readonly body: Uint8Array | undefined }> {
  for (let at = 0; at < keys.length; at += READERS) {
    const some = keys.slice(at, at + READERS)
    const bodies = await Promise.all(some.map((key) => objects.get(key)))
    for (const [index, key] of some.entries()) yield { key, body: bodies[index] }
  }
}
