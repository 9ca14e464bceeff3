import { spawn } from 'node:child_process'

/** Runs a program and keeps its output for the case that it fails. */
export function runQuietly(command, args, options = {}) {
  return new Promise(resolve => {
    let output = ''
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const append = chunk => {
      output += chunk
    }
    child.stdout.on('data', append)
    child.stderr.on('data', append)
    child.once('error', error => resolve({ ok: false, output: error.message }))
    child.once('close', code => resolve({ ok: code === 0, output }))
  })
}
