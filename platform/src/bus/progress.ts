/** How far one reading of the log has come although its events settle in any order. */
export interface Progress {
  /** Notes an event that must settle before the checkpoint may pass it. Positions only rise. */
  open(position: number): Ticket
  settle(ticket: Ticket): void
  /** Everything up to here is settled, given that everything up to `readTo` was looked at. */
  checkpoint(readTo: number): number
  /** Events between the checkpoint and the newest one noted. */
  size(): number
}

export interface Ticket {
  readonly position: number
  settled: boolean
}

/** Settled tickets at the front are cut off in one go when this many have gathered. */
const TRIM_AT = 1024

export function createProgress(): Progress {
  const tickets: Ticket[] = []
  let head = 0

  function advance(): void {
    while (tickets[head]?.settled) head += 1
    if (head < TRIM_AT && head < tickets.length) return
    tickets.splice(0, head)
    head = 0
  }

  return {
    open(position) {
      const ticket = { position, settled: false }
      tickets.push(ticket)
      return ticket
    },
    settle(ticket) {
      ticket.settled = true
      if (tickets[head] === ticket) advance()
    },
    checkpoint(readTo) {
      const first = tickets[head]
      return first ? first.position - 1 : readTo
    },
    size: () => tickets.length - head,
  }
}
