import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runToEnd, startShopProcess } from '../support/shop-process.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stoa-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a start that cannot succeed', () => {
  it('lists every bad option at once', async () => {
    const { code, stderr } = await runToEnd({ args: ['--port', 'eighty', '--scale=-1', '--persist', ''] })
    expect(code).toBe(1)
    expect(stderr).toContain('--port: expected a whole number from 0 to 65535, got "eighty"')
    expect(stderr).toContain('--scale: expected a number from 0.1 to 50, got "-1"')
    expect(stderr).toContain('--persist: expected a folder')
  })

  it('names an unknown option and the known ones', async () => {
    const { code, stderr } = await runToEnd({ args: ['--prot', '4000'] })
    expect(code).toBe(1)
    expect(stderr).toContain("Unknown option '--prot'")
    expect(stderr).toContain('--port')
  })

  it('lists every bad variable at once', async () => {
    const env = {
      PAYMENT_URL: 'not a url',
      WMS_URL: 'http://127.0.0.1:1',
      ERP_URL: '',
      NOTIFICATION_URL: 'ftp://x',
      WEBHOOK_SECRET: 'short',
    }
    const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty'], env })
    expect(code).toBe(1)
    for (const name of ['PAYMENT_URL', 'ERP_URL', 'NOTIFICATION_URL', 'WEBHOOK_SECRET'])
      expect(stderr).toContain(name)
    expect(stderr).not.toContain('short')
  })

  it('says so when the data folder is a file', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, 'not a folder')
    const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty', '--persist', file] })
    expect(code).toBe(1)
    expect(stderr).toContain(`BAD_CONFIG: --persist: expected a folder`)
    expect(stderr).toContain('a-file": a file is in the way. Give another.')
  })

  it.each(['/proc/shop', '/proc/deep/shop'])('says so when no folder can be made at %s', async (persist) => {
    const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty', '--persist', persist] })
    expect(code).toBe(1)
    expect(stderr).toContain(`got "${persist}": no folder can be made there`)
  })

  it('says so when a part of the way to the data folder is a file', async () => {
    const below = join(folder, 'a-file', 'data')
    const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty', '--persist', below] })
    expect(code).toBe(1)
    expect(stderr).toContain('a file is in the way')
  })

  it('leaves the data folder to the shop that has it', async () => {
    const shared = join(folder, 'deep', 'shared')
    const args = ['--port', '0', '--empty', '--persist', shared]
    const first = await startShopProcess({ args })
    const { code, stderr } = await runToEnd({ args })
    expect(code).toBe(1)
    expect(stderr).toContain(`CONFLICT: Another shop runs on "${shared}"`)
    await first.kill()
    await using again = await startShopProcess({ args })
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200)
  }, 20_000)

  it('says so when a database in the data folder is damaged, and touches nothing', async () => {
    const damaged = join(folder, 'damaged')
    await mkdir(damaged)
    await writeFile(
      join(damaged, 'orders.sqlite'),
      'this is no database at all, but long enough to look like a file',
    )
    const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty', '--persist', damaged] })
    expect(code).toBe(1)
    expect(stderr).toContain('STORE_CORRUPT')
    expect(stderr).toContain('orders.sqlite')
  })
})

describe('a start on a busy port', () => {
  it('names the port and takes the next free one', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await using shop = await startShopProcess({ args: ['--port', `${port}`, '--empty'] })
    expect(shop.url).not.toContain(`:${port}`)
    expect((await fetch(`${shop.url}/readyz`)).status).toBe(200)
    holder.close()
  })
})
