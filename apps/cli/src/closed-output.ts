import { EXIT } from './exit-codes.ts'

/**
 * Ends the process, without an error, when who reads its output has read enough, as `head` does. What runs until a signal (`darkroom start`) is
 * stopped as by one, so that nothing of it is cut.
 */
export function endWithReader(outputs: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  let isEnding = false
  for (const output of outputs) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      // A second signal would cut what the first one lets end.
      if (isEnding) return
      isEnding = true
      if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM')
      else process.exit(process.exitCode ?? EXIT.ok)
    })
  }
}
