import { type Logger, pino } from 'pino'

/** What the code may say about itself: a message and fields, never a customer's data. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  child(fields: LogFields): Log
}

export type LogFields = Readonly<Record<string, unknown>>

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly name: string
}

/** JSON lines on standard error, so that standard output stays free for what a command answers. */
export function createLog(options: LogOptions): Log {
  const logger: Logger = pino({ name: options.name, level: options.level, base: null }, pino.destination(2))
  return logger
}

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}
