import type { Socket } from 'node:net'
import { type Misbehaviour, response } from './hostile-subgraph.ts'

/** The right body with something else in the place of some text. */
export function mangle(from: string | RegExp, to: string): Misbehaviour {
  return (socket, body) => void socket.write(response(body.replace(from, to)))
}

/** This body instead. */
export function say(body: string | Buffer, head: Readonly<Record<string, string>> = {}): Misbehaviour {
  return (socket) => void socket.write(response(body, head))
}

/** These very bytes, and what happens after them. */
export function bytes(text: string, after: (socket: Socket) => void = () => {}): Misbehaviour {
  return (socket) => void socket.write(text, 'latin1', () => after(socket))
}

/** Writes for as long as anybody listens, up to 100 MB. */
export function endless(head: string, piece: string): Misbehaviour {
  return (socket) => {
    socket.write(head)
    sent = 0
    const more = (): void => {
      while (!socket.destroyed && sent < MOST_SENT) {
        sent += piece.length
        if (!socket.write(piece)) return void socket.once('drain', more)
      }
    }
    more()
  }
}

export const MOST_SENT = 104_857_600
let sent = 0

/** Bytes that the last endless answer came to. */
export function sentLast(): number {
  return sent
}

/** A character every 20 ms. */
export function dripping(text: string): Misbehaviour {
  return (socket) => {
    let at = 0
    const timer = setInterval(() => {
      if (socket.destroyed || at === text.length) clearInterval(timer)
      else socket.write(text[at++] ?? '')
    }, 20)
  }
}
