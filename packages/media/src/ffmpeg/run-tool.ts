import { type ChildProcess, spawn } from 'node:child_process'
import { MediaFault } from '../fault.ts'

export interface ToolJob {
  /** Absolute path of the program. */
  command: string
  args: readonly string[]
  cwd: string
  /** Wall time, after which it is killed. */
  timeoutMs: number
  onStdout?: (chunk: Buffer) => void
  /** What it writes to its handle 3. */
  onProgress?: (chunk: Buffer) => void
  /** Each line of what it says, of which only the end is kept. */
  onLine?: (line: string) => void
}

export interface ToolEnd {
  code: number | null
  signal: string | null
  /** The last 64 KiB. */
  stderr: string
}

const STDERR_CHARS = 65_536

/**
 * Runs ffmpeg or ffprobe: no shell, no environment, no input. What a listener throws ends the program, and is thrown.
 * @throws MediaFault TIMEOUT
 */
export async function runTool(job: ToolJob): Promise<ToolEnd> {
  const { command, args, cwd, timeoutMs, onStdout, onProgress, onLine } = job
  const stdio = ['ignore', onStdout ? 'pipe' : 'ignore', 'pipe', onProgress ? 'pipe' : 'ignore'] as const
  const child = spawn(command, args, { cwd, env: {}, stdio: [...stdio] })
  const { promise, resolve, reject } = Promise.withResolvers<ToolEnd>()
  let cause: unknown
  const stop = (error: unknown): void => {
    cause ??= error
    child.kill('SIGKILL')
  }
  const timer = setTimeout(
    () => stop(new MediaFault('TIMEOUT', `Processing took longer than ${timeoutMs / 1000} s`)),
    timeoutMs,
  )
  const stderr = keepTail(child)
  if (onLine) listen(child.stderr, hearLines(onLine), stop)
  listen(child.stdout, onStdout, stop)
  listen(child.stdio[3], onProgress, stop)
  // A sandbox may refuse the signal; what it was sent for says more.
  child.on('error', error => reject(cause ?? error))
  child.on('close', (code, signal) => (cause ? reject(cause) : resolve({ code, signal, stderr: stderr() })))
  return promise.finally(() => clearTimeout(timer))
}

function listen(
  stream: ChildProcess['stdio'][number] | undefined,
  hear: ((chunk: Buffer) => void) | undefined,
  stop: (error: unknown) => void,
): void {
  stream?.on('data', (chunk: Buffer) => {
    try {
      hear?.(chunk)
    } catch (error) {
      stop(error)
    }
  })
}

/** Splits output into lines. A line that is longer than the buffer is truncated. */
function hearLines(onLine: (line: string) => void): (chunk: Buffer | string) => void {
  let rest = ''
  return chunk => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, STDERR_CHARS)
    for (const line of lines) onLine(line)
  }
}

function keepTail({ stderr }: ChildProcess): () => string {
  let tail = ''
  stderr?.setEncoding('utf8')
  stderr?.on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-STDERR_CHARS)
  })
  return () => tail
}
