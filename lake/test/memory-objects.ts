import type { NewObject, ObjectStore } from '../src/object-store.ts'

export interface MemoryObjects extends ObjectStore {
  readonly held: Map<string, Uint8Array>
  /** Called before anything is written; may throw or take its time. */
  beforePut: (object: NewObject) => Promise<void> | void
}

/** Objects in a map, for what is about batches and not about places. */
export function memoryObjects(): MemoryObjects {
  const held = new Map<string, Uint8Array>()
  const objects: MemoryObjects = {
    held,
    beforePut: () => {},
    async putOnce(object) {
      await objects.beforePut(object)
      if (held.has(object.key)) return 'kept'
      held.set(object.key, object.body)
      return 'written'
    },
    get: async (key) => held.get(key),
    list: async ({ prefix }) => ({ keys: [...held.keys()].filter((key) => key.startsWith(prefix)).sort() }),
    async remove(keys) {
      for (const key of keys) held.delete(key)
    },
  }
  return objects
}
