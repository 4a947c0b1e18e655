import { describe, expect, it } from '@jest/globals'
import { helpText, parseStartOptions } from './options.ts'

const DEFAULTS = { port: 4000, scale: 1, seed: 42, workers: 1, stack: 'embedded', empty: false, help: false }

describe('the options of a start', () => {
  it('have defaults', () => {
    expect(parseStartOptions([])).toEqual({ ok: true, value: DEFAULTS })
  })

  it.each([
    [['--port', '0'], { port: 0 }],
    [['--port=65535'], { port: 65_535 }],
    [['--scale', '0.1'], { scale: 0.1 }],
    [['--scale', '50'], { scale: 50 }],
    [['--seed', '4294967295'], { seed: 4_294_967_295 }],
    [['--persist', './data'], { persist: './data' }],
    [['--lake', './lake'], { lake: './lake' }],
    [['--lake', 's3://lake/shop'], { lake: 's3://lake/shop' }],
    [['--empty'], { empty: true }],
    [['--workers', '4'], { workers: 4 }],
    [['--stack', 'open'], { stack: 'open' }],
    [['--help'], { help: true }],
  ])('take %j', (args, expected) => {
    expect(parseStartOptions(args)).toEqual({ ok: true, value: { ...DEFAULTS, ...expected } })
  })

  it.each([
    [
      ['--port', '65536'],
      '--port: expected a whole number from 0 to 65535, got "65536". Example: --port 4000',
    ],
    [['--port', '80.5'], '--port: expected a whole number'],
    [['--port', ''], '--port: expected a whole number from 0 to 65535, got ""'],
    [['--port=-1'], 'got "-1"'],
    [['--port', '-1'], '--port: expected a whole number from 0 to 65535, got "-1"'],
    [['--empty', '--seed', '7'], '--empty: there is no demo data for --scale or --seed to shape.'],
    [['--seed', '-5'], '--seed: expected a whole number from 0 to 4294967295, got "-5"'],
    [['--scale', '0.09'], '--scale: expected a number from 0.1 to 50, got "0.09"'],
    [['--scale', '51'], '--scale: expected a number from 0.1 to 50, got "51"'],
    [['--scale', 'Infinity'], 'got "Infinity"'],
    [['--seed', '1.5'], '--seed: expected a whole number'],
    [
      ['--stack', 'azure'],
      '--stack: expected one of embedded, open, aws, got "azure". Example: --stack open',
    ],
    [['--workers', '0'], '--workers: expected a whole number from 1 to 256, got "0". Example: --workers 1'],
    [['--lake', ''], '--lake: expected a folder, got "". Example: --lake ./lake'],
    [['--persist', ''], '--persist: expected a folder, got "". Example: --persist ./data'],
    [
      ['--prot', '4000'],
      "Unknown option '--prot'. Known: --port, --persist, --lake, --scale, --seed, --workers, --stack, --empty, --help.",
    ],
    [['4000'], "Unexpected argument '4000'"],
  ])('refuse %j and say why', (args, problem) => {
    const options = parseStartOptions(args)
    if (options.ok) throw new Error(`Expected a refusal of ${args.join(' ')}.`)
    expect(options.error).toEqual([expect.stringContaining(problem)])
  })

  it('name everything that is wrong at once', () => {
    const options = parseStartOptions(['--port', 'x', '--scale', '99', '--seed=-1', '--persist', ''])
    expect(options).toMatchObject({ ok: false, error: { length: 4 } })
  })

  it('are all in the help text', () => {
    for (const name of Object.keys({ ...DEFAULTS, persist: '' })) expect(helpText).toContain(`--${name}`)
  })
})
