import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { sampleTree } from '../measure/process-tree.ts'
import type { Command } from './clients.ts'

export interface CommandRun {
  seconds: number
  /** User and system time of the command and of its children. */
  cpuSec: number
}

const ERROR_CHARS = 2000

/**
 * Runs a command from its start to its end.
 * @throws Error with the end of what it said, when it fails
 */
export async function runCommand({ program, args, env }: Command): Promise<CommandRun> {
  const cpuBefore = reapedCpuMs()
  const startedAt = performance.now()
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const [stderr, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')])
  const seconds = (performance.now() - startedAt) / 1000
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}: ${stderr.slice(-ERROR_CHARS)}`)
  return { seconds, cpuSec: (reapedCpuMs() - cpuBefore) / 1000 }
}

/** Returns the CPU time of all children of this process that have ended, in milliseconds. */
const reapedCpuMs = (): number => sampleTree(process.pid).find(({ pid }) => pid === process.pid)?.reapedCpuMs ?? 0
