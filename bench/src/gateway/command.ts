import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process of the bench that is told what to do over the channel that Node opens to a child. */
export interface Worker extends AsyncDisposable {
  /** Rejects with the worker's own message when it failed or ended. */
  ask(command: string, argument?: unknown): Promise<unknown>
}

export type Commands = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>

interface Question {
  readonly id: number
  readonly command: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly problem?: string
}

/** The worker's side. Ends with the parent. */
export function serveCommands(commands: Commands): void {
  process.on('disconnect', () => process.exit())
  process.on('message', ({ id, command, argument }: Question) => {
    const reply = (answer: Answer): unknown => process.send?.(answer)
    const run = commands[command]
    if (!run) return void reply({ id, problem: `There is no command ${command}.` })
    run(argument).then(
      (value) => reply({ id, value }),
      (reason: unknown) => reply({ id, problem: String(reason) }),
    )
  })
}

/** The parent's side: starts `command` with its arguments, which must lead to `serveCommands`. */
export function startWorker(name: string, [command = '', ...args]: readonly string[]): Worker {
  const stdio: StdioOptions = ['ignore', 'inherit', 'inherit', 'ipc']
  const child = spawn(command, args, { stdio })
  const waiting = new Map<number, (answer: Answer) => void>()
  let asked = 0
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  child.on('exit', () => {
    for (const [id, settle] of waiting) settle({ id, problem: 'It ended.' })
  })
  return {
    async ask(command, argument) {
      asked += 1
      const id = asked
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve)
        child.send({ id, command, argument } satisfies Question)
      })
      waiting.delete(id)
      if (answer.problem !== undefined) throw new Error(`${name}: ${answer.problem}`)
      return answer.value
    },
    [Symbol.asyncDispose]: () => stopChild(child),
  }
}

/** Asks it to end and, after five seconds, ends it. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}
