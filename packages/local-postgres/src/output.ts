import type { ChildProcess } from 'node:child_process'

/** Collects what a program prints until it ends, and its exit code. */
export function collectOutput(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = ''
    const append = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', append)
    child.stderr?.on('data', append)
    child.once('error', reject)
    child.once('close', code => resolve({ code, output }))
  })
}
