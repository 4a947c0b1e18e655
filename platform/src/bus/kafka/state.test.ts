import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createKafkaState, type KafkaState, redriveRun, type StateWord } from './state.ts'

type Said = readonly [position: number, word: StateWord]

const waiting = { position: 1, run: '', stream: 's', attempts: 1, firstAt: 0, nextAt: 5 }

function claimBy(owner: string, start = 0): StateWord {
  const value = { owner, pattern: {}, imported: false, start }
  return { consumer: 'c', kind: 'claim', id: '', value }
}

function word(kind: StateWord['kind'], value: unknown, more: Partial<StateWord> = {}): StateWord {
  return { consumer: 'c', kind, id: '', value, ...more }
}

function told(said: readonly Said[]): KafkaState {
  const state = createKafkaState()
  for (const [position, one] of said) state.apply(position, one)
  return state
}

/** What Kafka leaves of the older part of a log: the newest record of each key, at its old position. */
function compact(said: readonly Said[], until: number): readonly Said[] {
  const key = ({ consumer, kind, id }: StateWord): string => JSON.stringify([consumer, kind, id])
  const newest = new Map(said.slice(0, until).map(([position, one]) => [key(one), position]))
  return said.filter(([position, one], i) => i >= until || newest.get(key(one)) === position)
}

describe('what the state topic says of a consumer', () => {
  it('starts where the first claim says, however often it is claimed again', () => {
    const state = told([
      [1, claimBy('ada', 7)],
      [2, claimBy('bo', 9)],
    ])
    expect(state.get('c')).toMatchObject({ cursor: 7, fence: 2, released: false })
  })

  it('does not hear the late words of a former owner', () => {
    const state = told([
      [1, claimBy('ada')],
      [2, claimBy('bo')],
      [3, word('cursor', 5, { fence: 1 })],
      [4, word('waiting', waiting, { id: '1/', fence: 1 })],
      [5, word('release', {}, { fence: 1 })],
      [6, word('cursor', 3, { fence: 2 })],
    ])
    expect(state.get('c')).toMatchObject({ cursor: 3, fence: 2, released: false })
    expect(state.get('c')?.waiting.size).toBe(0)
  })

  it('hears of a dead letter once, though two redrive it, and again when it died again', () => {
    const redriven = word('waiting', { ...waiting, run: redriveRun('L') }, { id: '1/R' })
    const said: Said[] = [
      [1, claimBy('ada')],
      [2, word('dead', { id: 'L' }, { id: 'L', fence: 1 })],
      [3, redriven],
      [4, word('dead', undefined, { id: 'L' })],
      [5, word('waiting', undefined, { id: '1/R', fence: 1 })],
      [6, redriven],
      [7, word('dead', undefined, { id: 'L' })],
    ]
    expect(told(said).get('c')).toMatchObject({ waiting: new Map(), dead: new Map(), fresh: new Set() })
    said.push([8, word('dead', { id: 'L' }, { id: 'L', fence: 1 })], [9, redriven])
    expect([...(told(said).get('c')?.fresh ?? [])]).toEqual(['1/R'])
  })

  it('hears what operators ask for, and remembers it for the owner until it is handled', () => {
    const redriven = { ...waiting, run: 'R' }
    const said: Said[] = [
      [1, claimBy('ada')],
      [2, word('waiting', redriven, { id: '1/R' })],
    ]
    expect([...(told(said).get('c')?.fresh ?? [])]).toEqual(['1/R'])
    said.push([3, word('waiting', undefined, { id: '1/R', fence: 1 })])
    expect(told(said).get('c')).toMatchObject({ fresh: new Set(), waiting: new Map() })
  })

  it('is the same after compaction, wherever that has come', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 60 }), (said, until) => {
        const [whole, compacted] = [told(said).get('c'), told(compact(said, until)).get('c')]
        expect({ ...compacted, fresh: 0 }).toEqual({ ...whole, fresh: 0 })
      }),
    )
  })
})

/** Claims one after the other, each followed by words of its owner and of operators. */
const histories: fc.Arbitrary<readonly Said[]> = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant('claim' as const) },
      { weight: 6, arbitrary: fc.record({ id: fc.nat({ max: 3 }), gone: fc.boolean(), mine: fc.boolean() }) },
      { weight: 2, arbitrary: fc.nat({ max: 99 }) },
    ),
    { maxLength: 60 },
  )
  .map((acts) => {
    const said: Said[] = [
      [1, claimBy('0')],
      [2, word('cursor', 0, { fence: 1 })],
    ]
    let fence = 1
    for (const [i, act] of acts.entries()) {
      const position = i + 3
      if (act === 'claim') fence = position
      said.push([position, act === 'claim' ? claimBy(String(position)) : wordOf(act, position, fence)])
    }
    return said
  })

type Act = number | { readonly id: number; readonly gone: boolean; readonly mine: boolean }

function wordOf(act: Act, position: number, fence: number): StateWord {
  if (typeof act === 'number') return word('cursor', act, { fence })
  const value = act.gone ? undefined : { ...waiting, attempts: position }
  return word('waiting', value, { id: String(act.id), ...(act.mine ? { fence } : {}) })
}
