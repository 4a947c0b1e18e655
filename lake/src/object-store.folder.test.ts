import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { systemRandom } from '@stoa/platform/random'
import { objectStoreContract } from './object-store.contract.ts'
import { openFolderObjects } from './object-store.folder.ts'

const random = systemRandom

async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

objectStoreContract('a folder', async () => {
  const place = await temporary()
  const objects = await openFolderObjects({ folder: place.folder, random })
  return { objects, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() }
})

describe('a folder of objects', () => {
  it('leaves nothing half written behind, also of a process that was killed', async () => {
    await using place = await temporary()
    await mkdir(join(place.folder, '.unfinished'))
    await writeFile(join(place.folder, '.unfinished', 'half'), 'ad')
    const objects = await openFolderObjects({ folder: place.folder, random })
    await objects.putOnce({ key: 'a/b', body: Buffer.from('ada'), contentType: 'text/plain' })
    await objects.putOnce({ key: 'a/b', body: Buffer.from('ada'), contentType: 'text/plain' })
    expect(await readdir(join(place.folder, '.unfinished'))).toEqual([])
    expect((await objects.list({ prefix: '' })).keys).toEqual(['a/b'])
  })

  it('says that there can be no folder', async () => {
    await using place = await temporary()
    await writeFile(join(place.folder, 'file'), '')
    const nowhere = openFolderObjects({ folder: join(place.folder, 'file', 'lake'), random })
    await expect(nowhere).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.not.stringContaining(place.folder),
    })
  })
})
