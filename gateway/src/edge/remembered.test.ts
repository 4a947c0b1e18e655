import { describe, expect, it } from '@jest/globals'
import { remembered } from './remembered.ts'

describe('a remembered function', () => {
  it('is worked out once for each short text', () => {
    let times = 0
    const length = remembered((text) => {
      times += 1
      return text.length
    })
    for (const text of ['ada', 'bo', 'ada', 'bo']) expect(length(text)).toBe(text.length)
    expect(times).toBe(2)
    const long = 'a'.repeat(1_000)
    expect([length(long), length(long)]).toEqual([1_000, 1_000])
    expect(times).toBe(4)
  })

  it('is right however many texts come', () => {
    const twice = remembered((text) => text + text)
    for (let i = 0; i < 1_000; i += 1) expect(twice(`${i % 300}`)).toBe(`${i % 300}${i % 300}`)
  })
})
