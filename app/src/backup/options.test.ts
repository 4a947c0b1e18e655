import { describe, expect, it } from '@jest/globals'
import { parseBackupOptions } from './options.ts'

const parsed = (line: string) => parseBackupOptions(line.split(' ').filter((word) => word !== ''))
const at = Date.UTC(2026, 10, 21, 10)

describe('the options of backup', () => {
  it('copy a folder, keep tables, restore them to a moment or from backups, and reconcile them', () => {
    expect(parsed('--persist ./a --to ./b')).toMatchObject({ value: { kind: 'folder', to: './b' } })
    expect(parsed('create --stack aws')).toMatchObject({ value: { kind: 'create' } })
    const moment = parsed('restore --stack aws --at 2026-11-21T10:00:00Z --prefix again-')
    expect(moment).toMatchObject({
      value: { kind: 'restore', source: { at }, prefix: 'again-', hours: 12 },
    })
    const named = parsed('restore --stack aws --backup before-sale --prefix again- --hours 3')
    expect(named).toMatchObject({ value: { source: { backup: 'before-sale' }, hours: 3 } })
    const alone = parsed('reconcile --stack aws --at 2026-11-21T10:00:00Z --prefix again-')
    expect(alone).toMatchObject({ value: { kind: 'reconcile', at, isAgain: false } })
    const again = parsed('reconcile --stack aws --at 2026-11-21T10:00:00Z --prefix again- --again')
    expect(again).toMatchObject({ value: { isAgain: true } })
    expect(parsed('--help')).toMatchObject({ value: 'help' })
  })

  it.each([
    ['', /--persist DIR and --to DIR/],
    ['create', /expected --stack aws/],
    ['restore --stack open --at 2026-11-21T10:00:00Z --prefix a-', /expected --stack aws, got "open"/],
    ['restore --stack aws --prefix a-', /either --at TIME or --backup NAME/],
    ['restore --stack aws --at yesterday --prefix a-', /--at: expected a time, got "yesterday"/],
    ['restore --stack aws --at 2026-11-21T10:00:00Z', /--prefix: expected a letter/],
    ['restore --stack aws --backup x --prefix a-', /--backup: expected 3 to 255/],
    ['restore --stack aws --at 2026-11-21T10:00:00Z --prefix a- --hours 0', /--hours: expected/],
    ['reconcile --stack aws --prefix a-', /--at: expected a time/],
    ['restore --stack aws --backup abc --prefix a- --again', /--again is for reconcile/],
    ['reset --stack aws', /Expected create, restore, reconcile/],
    ['restore --no-such-flag', /no-such-flag/],
  ])('%s is refused and says why', (line, message) => {
    expect(parsed(line)).toMatchObject({ ok: false, error: [expect.stringMatching(message)] })
  })
})
