import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareUtf8 } from '../store/sort-order.ts'
import { fromSqlText, toSqlText } from './text.ts'

const texts = fc.string({ unit: fc.constantFrom('\0', '\x01', '\x02', '\x03', 'a', '\n', '😀') })

it('comes back as it was, and PostgreSQL sees no NUL', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(toSqlText(text)).not.toContain('\0')
      expect(fromSqlText(toSqlText(text))).toBe(text)
    }),
  )
})

it('keeps the order by bytes, and what begins with what', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareUtf8(toSqlText(a), toSqlText(b)))).toBe(Math.sign(compareUtf8(a, b)))
      expect(toSqlText(a + b).startsWith(toSqlText(a))).toBe(true)
    }),
  )
})
