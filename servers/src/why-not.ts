import { spawnSync } from 'node:child_process'

/** Why a server cannot run here, for the title of a skipped suite; undefined when all commands are there. */
export function whyNotCommands(...commands: readonly string[]): string | undefined {
  const missing = commands.filter((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error)
  return missing.length === 0 ? undefined : `there is no ${missing.join(' and no ')} on this machine`
}
