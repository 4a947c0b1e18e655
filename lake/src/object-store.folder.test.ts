import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { systemRandom } from '@stoa/platform/random'
import { objectStoreContract } from './object-store.contract.ts'
import { openFolderObjects } from './object-store.folder.ts'

const random = systemRandom
const clock = systemClock

async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

objectStoreContract('a folder', async () => {
  const place = await temporary()
  const objects = await openFolderObjects({ folder: place.folder, clock, random })
  return { objects, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() }
})

describe('a folder of objects', () => {
  it('leaves nothing half written behind, and forgets what a killed process began long ago', async () => {
    await using place = await temporary()
    await mkdir(join(place.folder, '.unfinished'))
    await writeFile(join(place.folder, '.unfinished', 'half'), 'ad')
    const later = createVirtualClock(clock.now() + 2 * 3_600_000)
    const objects = await openFolderObjects({ folder: place.folder, clock: later, random })
    await objects.putOnce({ key: 'a/b', body: Buffer.from('ada'), contentType: 'text/plain' })
    await objects.putOnce({ key: 'a/b', body: Buffer.from('ada'), contentType: 'text/plain' })
    expect(await readdir(join(place.folder, '.unfinished'))).toEqual([])
    expect((await objects.list({ prefix: '' })).keys).toEqual(['a/b'])
  })

  it('says that there can be no folder', async () => {
    await using place = await temporary()
    await writeFile(join(place.folder, 'file'), '')
    const nowhere = openFolderObjects({ folder: join(place.folder, 'file', 'lake'), clock, random })
    await expect(nowhere).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.not.stringContaining(place.folder),
    })
  })
})
