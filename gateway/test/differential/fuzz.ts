import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order } from './fuzz-child.ts'
import { addReport, emptyReport, type Report } from './report.ts'

export interface Fuzzing {
  readonly cases: number
  /** Of the first graph; each next one has the next. */
  readonly seed: number
  readonly perGraph: number
  readonly processes: number
  /** Run as well: `seed:index`. */
  readonly named?: readonly string[]
  readonly tell?: (progress: Report) => void
}

/** Runs cases in processes of their own, so that one in which the planner panics does not end them all. */
export async function fuzz({ cases, seed, perGraph, processes, named = [], tell }: Fuzzing): Promise<Report> {
  const sum = emptyReport()
  const orders = named.map(orderOf)
  for (let left = cases, at = seed; left > 0; left -= perGraph, at += 1)
    orders.push({ seed: at, from: 0, to: Math.min(perGraph, left) })
  await Promise.all(Array.from({ length: processes }, () => work({ sum, orders, tell })))
  return sum
}

function orderOf(name: string): Order {
  const [seed = 0, index = 0] = name.split(':').map(Number)
  return { seed, from: index, to: index + 1 }
}

interface Working {
  readonly sum: Report
  /** To be taken from the front. */
  readonly orders: Order[]
  readonly tell: Fuzzing['tell']
}

async function work({ sum, orders, tell }: Working): Promise<void> {
  let child = open()
  for (let order = orders.shift(); order; order = orders.shift()) {
    const done = await carryOut(child, order)
    addReport(sum, done.report)
    if (done.panic) {
      child = open()
      const { index } = done.panic
      sum.panics.push(`${order.seed}:${index}`)
      // What came of the cases before it died with the process.
      if (index > order.from) orders.unshift({ ...order, to: index })
      if (index + 1 < order.to) orders.unshift({ ...order, from: index + 1 })
    }
    tell?.(sum)
  }
  child.kill()
  await once(child, 'exit')
}

function open(): ChildProcess {
  return fork(fileURLToPath(new URL('fuzz-child.ts', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

interface Done {
  readonly report: Report
  readonly panic?: { readonly index: number }
}

type Message = { readonly begin: number } | { readonly report: Report }

async function carryOut(child: ChildProcess, order: Order): Promise<Done> {
  const done = Promise.withResolvers<Done>()
  let index = order.from
  const hear = (message: Message): void => {
    if ('report' in message) done.resolve({ report: message.report })
    else index = message.begin
  }
  const exit = (): void => done.resolve({ report: { ...emptyReport(), cases: 1 }, panic: { index } })
  child.on('message', hear)
  child.once('exit', exit)
  child.send(order)
  try {
    return await done.promise
  } finally {
    child.off('message', hear)
    child.off('exit', exit)
  }
}
