import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessGroup } from '../deployment/process-group.ts'
import type { Code, Role } from '../deployment/service.ts'

/** One step of a roll-out. */
export interface Replacement {
  role: Role
  code: Code
}

/**
 * Replaces the processes of a role one by one, as a rolling update does: the new one is up before the old one gets SIGTERM.
 * @returns what did not end well, in words
 */
export async function replaceProcesses(
  processes: ProcessGroup,
  { role, code }: Replacement,
  pauseMs: number,
): Promise<string[]> {
  processes.use(code)
  const failures: string[] = []
  for (const old of processes.alive(role)) {
    await processes.start(role)
    const { code: exitCode, signal } = await old.stop()
    if (exitCode !== 0) failures.push(`${old.name} ended with ${signal ?? exitCode} after SIGTERM: ${old.logTail()}`)
    await sleep(pauseMs)
  }
  return failures
}
