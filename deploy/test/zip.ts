import { inflateRawSync } from 'node:zlib'

const DIRECTORY_ENTRY = 0x02014b50
const END = Buffer.from([0x50, 0x4b, 0x05, 0x06])

/** One file out of a zip archive (APPNOTE.TXT 4.3: the directory at the end says where each begins). */
export function readZipped(archive: Buffer, name: string): Buffer {
  let at = archive.readUInt32LE(archive.lastIndexOf(END) + 16)
  while (archive.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameLength = archive.readUInt16LE(at + 28)
    const found = archive.toString('utf8', at + 46, at + 46 + nameLength)
    if (found === name) return contentAt(archive, at)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  throw new Error(`There is no ${name} in the archive.`)
}

function contentAt(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10)
  const size = archive.readUInt32LE(entry + 20)
  const local = archive.readUInt32LE(entry + 42)
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const content = archive.subarray(from, from + size)
  return method === 0 ? content : inflateRawSync(content)
}
