import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { edgeHeader, edgeLine, readEdges, readVertices, vertexHeader, vertexLine } from './bulk-rows.ts'
import { csvLine, readCsv } from './csv.ts'

async function* piecesOf(text: string, length: number = 7): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += length) yield text.slice(from, from + length)
}

describe('CSV', () => {
  it('comes back as it was, whatever stands in it and wherever it is cut', async () => {
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', ',', '\n', '\r\n', 'a,"b"\n'))
    const records = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 9 }), async (written, length) => {
        const text = written.map(csvLine).join('')
        expect(await Array.fromAsync(readCsv(piecesOf(text, length)))).toEqual(written)
      }),
    )
  })

  it('reads lines of other systems, and a last one without an end', async () => {
    expect(await Array.fromAsync(readCsv(piecesOf('a,b\r\n"x, ""y""",\r\n1,2')))).toEqual([
      ['a', 'b'],
      ['x, "y"', ''],
      ['1', '2'],
    ])
  })

  it('refuses a quote that is never closed', async () => {
    const endless = Array.fromAsync(readCsv(piecesOf(`"${'x'.repeat(70_000)}`, 30_000)))
    await expect(endless).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe("files for Neptune's bulk loader", () => {
  it('have the columns that it documents', () => {
    expect(vertexHeader).toBe('~id,~label,bought:Double(single),at:Long(single)\n')
    expect(edgeHeader).toBe('~id,~from,~to,~label,weight:Double,at:Long\n')
    expect(vertexLine({ id: 'product/TEE', label: 'product', bought: 0.1 + 0.2 })).toBe(
      'product/TEE,product,0.30000000000000004,\n',
    )
    expect(edgeLine({ id: 'e', from: 'a', to: 'b', label: 'bought', at: 1_795_000_000_000 })).toBe(
      'e,a,b,bought,,1795000000000\n',
    )
  })

  it('are read by the names of their columns', async () => {
    const text = '~label,~id,bought:Double(single)\nproduct,product/TEE,1.5\nproduct,product/JEANS,\n'
    expect(await Array.fromAsync(readVertices(readCsv(piecesOf(text))))).toEqual([
      { id: 'product/TEE', label: 'product', bought: 1.5 },
      { id: 'product/JEANS', label: 'product' },
    ])
  })

  it.each([
    ['', /Expected a first line/],
    ['~id,~from,~to\n', /Expected the columns/],
    ['~id,~from,~to,~label,colour:String\n', /got .*colour/],
    ['~id,~from,~to,~label\na,b,c\n', /Record 2: expected 4 fields, got 3/],
    ['~id,~from,~to,~label\na,,c,d\n', /Record 2: expected something as ~from/],
    [
      '~id,~from,~to,~label,weight:Double\na,b,c,d,many\n',
      /Record 2: expected a number as weight, got "many"/,
    ],
  ])('refuses %j', async (text, message) => {
    await expect(Array.fromAsync(readEdges(readCsv(piecesOf(text))))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(message),
    })
  })
})
