import type { Clock, Timer } from '../clock.ts'
import type { Envelope } from '../event.ts'
import type { Waiting } from './bus-log.ts'
import { createTimeHeap } from './heap.ts'

/** One event on its way to a consumer. */
export interface Task extends Waiting {
  /** Kept while it is fresh; read again from the log for one that waited. */
  readonly event?: Envelope
  /** Lets the cursor of its reading pass; undefined once the event is written down as waiting. */
  readonly settle?: () => void
}

/** The events of one stream, in order of position. At most one of them is being handled. */
export interface Lane {
  readonly stream: string
  readonly tasks: Task[]
  running: boolean
  /** Stands in the ready queue. */
  ready: boolean
  /** When the lane is looked at again; undefined when nobody needs to. */
  wakeAt: number | undefined
}

/** All streams that have something to do for one consumer, and which of them may go now. */
export interface Lanes {
  /** Puts an event in its place among those of its stream. */
  add(task: Task): void
  /** The next stream that may go, marked as running, with the event to handle. */
  start(): { readonly lane: Lane; readonly task: Task } | undefined
  /** Ends what `start` began; the lane may go again when its next event is due. */
  finish(lane: Lane): void
  /** Puts a failed event back, and lets `store` write down all of its stream that are not yet. */
  park(lane: Lane, failed: Task, store: (task: Task) => Task): void
  /** Whether a stream stands still until a later time, so that a new event of it has to wait too. */
  waits(stream: string): boolean
  hasReady(): boolean
  count(): LaneCount
  stop(): void
}

export interface LaneCount {
  readonly tasks: number
  /** Streams that wait for a retry. */
  readonly parked: number
}

export function createLanes(clock: Clock, onReady: () => void): Lanes {
  const lanes = new Map<string, Lane>()
  const waiting = createTimeHeap<Lane>()
  let ready: Lane[] = []
  let timer: { readonly at: number; readonly handle: Timer } | undefined

  /** Decides where a lane stands after anything about it changed. */
  function place(lane: Lane): void {
    if (lane.running || lane.ready) return
    const first = lane.tasks[0]
    if (!first) lanes.delete(lane.stream)
    else if (isDue(first, clock)) enqueue(lane)
    else wait(lane, first.nextAt)
  }

  function wait(lane: Lane, at: number): void {
    if (lane.wakeAt !== undefined && lane.wakeAt <= at) return
    lane.wakeAt = at
    waiting.push(at, lane)
    arm()
  }

  function enqueue(lane: Lane): void {
    lane.ready = true
    ready.push(lane)
    onReady()
  }

  function arm(): void {
    const at = waiting.nextAt()
    if (at === undefined || (timer && timer.at <= at)) return
    timer?.handle.cancel()
    timer = { at, handle: clock.schedule(at, wake) }
  }

  function wake(): void {
    timer = undefined
    for (let lane = waiting.popDue(clock.now()); lane; lane = waiting.popDue(clock.now())) {
      lane.wakeAt = undefined
      // A lane that ended meanwhile is still in the heap.
      if (lanes.get(lane.stream) === lane) place(lane)
    }
    arm()
  }

  return {
    add(task) {
      const lane = lanes.get(task.stream) ?? createLane(task.stream)
      lanes.set(task.stream, lane)
      insert(lane.tasks, task)
      place(lane)
    },
    start() {
      for (let lane = ready.shift(); lane; lane = ready.shift()) {
        lane.ready = false
        const task = takeDue(lane, clock)
        if (task) return { lane, task }
        place(lane)
      }
      return undefined
    },
    finish(lane) {
      lane.running = false
      place(lane)
    },
    park(lane, failed, store) {
      lane.tasks.forEach((task, i) => {
        if (task.settle) lane.tasks[i] = store(task)
      })
      insert(lane.tasks, store(failed))
    },
    waits(stream) {
      const lane = lanes.get(stream)
      return lane !== undefined && !lane.running && !lane.ready
    },
    hasReady: () => ready.length > 0,
    count: () => countLanes(lanes.values()),
    stop() {
      timer?.handle.cancel()
      lanes.clear()
      ready = []
    },
  }
}

function createLane(stream: string): Lane {
  return { stream, tasks: [], running: false, ready: false, wakeAt: undefined }
}

function takeDue(lane: Lane, clock: Clock): Task | undefined {
  const first = lane.tasks[0]
  if (!first || !isDue(first, clock)) return undefined
  lane.running = true
  return lane.tasks.shift()
}

/** Fresh events do not ask the clock: there are many of them. */
function isDue(task: Task, clock: Clock): boolean {
  return task.nextAt === 0 || task.nextAt <= clock.now()
}

/** Nearly always the newest goes to the end; a redriven or replayed one finds its place among the others. */
function insert(tasks: Task[], task: Task): void {
  let at = tasks.length
  for (; at > 0; at--) {
    const before = tasks[at - 1]
    if (before && !isBefore(task, before)) break
  }
  tasks.splice(at, 0, task)
}

function isBefore(one: Task, other: Task): boolean {
  return one.position === other.position ? one.run < other.run : one.position < other.position
}

function countLanes(lanes: Iterable<Lane>): LaneCount {
  let tasks = 0
  let parked = 0
  for (const lane of lanes) {
    tasks += lane.tasks.length + (lane.running ? 1 : 0)
    if (lane.tasks.some((task) => task.attempts > 0)) parked += 1
  }
  return { tasks, parked }
}
