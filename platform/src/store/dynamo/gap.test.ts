import { describe, expect, it } from '@jest/globals'
import type { Checkpoint } from './checkpoints.ts'
import { findGap, type ListedShard } from './gap.ts'

describe('a gap in a stream', () => {
  const read: Checkpoint = { parent: undefined, sequence: '7', done: false, recorded: 500 }

  function gap(known: Record<string, Checkpoint>, listed: readonly ListedShard[], isStale = false) {
    return findGap({ known: new Map(Object.entries(known)), listed, isStale })
  }

  it('is none while all that was begun is listed', () => {
    expect(gap({ a: read }, [{ id: 'a', parent: undefined }])).toBeUndefined()
  })

  it('is none when a finished shard is gone and its children are there', () => {
    const known = { a: { ...read, done: true } }
    expect(gap(known, [{ id: 'b', parent: 'a' }])).toBeUndefined()
  })

  it('is none for a shard that waits for its parent to be read', () => {
    const listed = [
      { id: 'a', parent: undefined },
      { id: 'b', parent: 'a' },
    ]
    expect(gap({ a: read }, listed)).toBeUndefined()
  })

  it('begins behind a shard that is gone unfinished', () => {
    const known = { a: read, b: { ...read, recorded: 300 } }
    expect(gap(known, [{ id: 'b', parent: undefined }])).toBe(500)
    expect(gap(known, [])).toBe(300)
  })

  it('begins behind the last shards known when others came and went unseen', () => {
    const known = {
      old: { ...read, done: true, recorded: 100 },
      a: { ...read, parent: 'old', done: true, recorded: 500 },
      b: { ...read, parent: 'old', done: true, recorded: 400 },
    }
    expect(gap(known, [{ id: 'z', parent: 'y' }])).toBe(400)
  })

  it('begins behind the nearest shard known in the line of one that was not begun', () => {
    const known = { a: read, b: { ...read, parent: 'a', recorded: 700 }, other: { ...read, recorded: 1 } }
    const listed = [
      { id: 'other', parent: undefined },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
      { id: 'd', parent: 'c' },
    ]
    expect(gap({ ...known, a: { ...read, done: true } }, listed, true)).toBe(700)
  })

  it('is everything when nothing is known of what was before', () => {
    expect(gap({}, [{ id: 'z', parent: 'y' }])).toBe(0)
  })

  it('may be in a shard that was not begun, for one who was away too long', () => {
    const known = {
      a: { ...read, done: true },
      b: { ...read, parent: 'a', sequence: undefined, recorded: 450 },
    }
    const listed = [{ id: 'b', parent: 'a' }]
    expect(gap(known, listed)).toBeUndefined()
    expect(gap(known, listed, true)).toBe(450)
  })

  it('is not in a shard that was begun, however long one was away: reading on would say so', () => {
    expect(gap({ a: read }, [{ id: 'a', parent: undefined }], true)).toBeUndefined()
  })
})
