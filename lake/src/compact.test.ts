import { describe, expect, it } from '@jest/globals'
import type { Envelope } from '@stoa/platform/event'
import { facts } from '../test/facts.ts'
import { type MemoryObjects, memoryObjects } from '../test/memory-objects.ts'
import { createBatch, objectsOf } from './batch.ts'
import { compactArchive } from './compact.ts'
import { partitionOf } from './layout.ts'
import { readArchive } from './read-archive.ts'

const before = '2027-01-01'
/** Of one day and type. */
const alike = facts(90, 90).filter((_, i) => i % 9 === 0)

async function write(objects: MemoryObjects, events: readonly Envelope[]): Promise<void> {
  const [first] = events
  if (!first) return
  for (const object of objectsOf(createBatch(partitionOf(first), events))) await objects.putOnce(object)
}

async function ids(objects: MemoryObjects): Promise<string[]> {
  const read: string[] = []
  for await (const { id } of readArchive({ objects })) read.push(id)
  return read.sort()
}

async function scattered(): Promise<MemoryObjects> {
  const objects = memoryObjects()
  for (const event of alike) await write(objects, [event])
  await write(objects, alike.slice(0, 4))
  return objects
}

const wanted = alike.map(({ id }) => id).sort()

describe('compaction', () => {
  it('makes one object a format of many, with every event once', async () => {
    const objects = await scattered()
    const report = await compactArchive({ objects, before })
    expect(report).toEqual({ partitions: 1, replaced: 11, duplicates: 4 })
    expect(objects.held.size).toBe(2)
    expect(await ids(objects)).toEqual(wanted)
  })

  it('has nothing to do the second time', async () => {
    const objects = await scattered()
    await compactArchive({ objects, before })
    expect(await compactArchive({ objects, before })).toEqual({ partitions: 0, replaced: 0, duplicates: 0 })
  })

  it('leaves days alone that are not over', async () => {
    const objects = await scattered()
    await compactArchive({ objects, before: '2026-11-19' })
    expect(objects.held.size).toBe(22)
  })

  it('keeps objects below the size that was asked for', async () => {
    const objects = await scattered()
    await compactArchive({ objects, before, maxEvents: 5 })
    expect(objects.held.size).toBeGreaterThanOrEqual(4)
    expect(await ids(objects)).toEqual(wanted)
  })

  it('loses nothing wherever it is cut off, and mends it the next time', async () => {
    for (let cut = 0; cut < 30; cut++) {
      const objects = await scattered()
      let steps = 0
      const step = (): void => {
        if (steps++ === cut) throw new Error('killed')
      }
      const removeOne: MemoryObjects['remove'] = async (keys) => {
        for (const key of keys) {
          step()
          objects.held.delete(key)
        }
      }
      const putOnce: MemoryObjects['putOnce'] = async (object) => {
        step()
        return await objects.putOnce(object)
      }
      await compactArchive({
        objects: { ...objects, putOnce, remove: removeOne },
        before,
      }).catch(() => {})
      expect(await ids(objects)).toEqual(wanted)
      await compactArchive({ objects, before })
      expect(await ids(objects)).toEqual(wanted)
      expect(objects.held.size).toBe(2)
    }
  })

  it('loses nothing beside another compaction and beside the archive', async () => {
    const objects = await scattered()
    const slow = {
      ...objects,
      async get(key: string) {
        await new Promise(setImmediate)
        return await objects.get(key)
      },
    }
    await Promise.all([
      compactArchive({ objects, before }),
      compactArchive({ objects: slow, before }),
      write(objects, alike.slice(2, 7)),
    ])
    expect(await ids(objects)).toEqual(wanted)
    await compactArchive({ objects, before })
    expect(objects.held.size).toBe(2)
  })
})
