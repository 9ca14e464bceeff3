import { spawn } from 'node:child_process'

// Ends with the end of its input, which is the end of the worker, however that came about.
const SCRIPT = 'read -r _; kill -s KILL -- "-$1"'

/**
 * Ends a process group when the worker dies. For where there is no PID namespace to do it: `--pdeathsig` reaches the
 * process that we started, not what that one started. Returns what takes the switch away again.
 */
export function deadMansSwitch(groupId: number): () => void {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(groupId)], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without a shell there is one defence less, and still --pdeathsig.
  shell.on('error', () => undefined)
  return () => shell.kill('SIGKILL')
}
