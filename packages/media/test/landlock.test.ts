import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isolationOf, processesNamed, startHostile, usableLevels } from './hostile.ts'
import { markedLimits, processesOf, TEMP_ROOT, tempDir } from './pool.ts'

// What bubblewrap's PID namespace does for a decoder, and Landlock with seccomp has to do by the process group.

const usable = await usableLevels()
const POLL = { timeout: 10_000 }

/** Returns the state of each process as the kernel names it: T is stopped. */
const statesOf = (pids: number[]): (string | undefined)[] =>
  pids.map(pid => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])

describe.skipIf(!usable.has('landlock'))('a decoder in the sandbox landlock', () => {
  const start = async () => {
    const limits = markedLimits()
    const folder = await tempDir()
    return { limits, ...(await startHostile(isolationOf('landlock', limits), { folder }, limits)) }
  }

  it('is stopped between two jobs, and works again after that', async () => {
    const { limits, media, act, end } = await start()
    media.rest()
    await expect.poll(() => statesOf(processesOf(limits)), POLL).toEqual(['T'])
    media.wake()
    expect(await act({ do: 'namespace', name: 'uts' })).toMatch(/^uts:/)
    await end()
  })

  it('is ended when something of it is left at the end of its job', async () => {
    const { media, act } = await start()
    const marker = `darkroom-left-${process.pid}`
    await act({ do: 'start', command: ['/bin/sh', '-c', 'while :; do /bin/sleep 1; done', marker] })
    await expect.poll(() => processesNamed(marker), POLL).not.toEqual([])
    media.rest()
    await media.gone
    await expect.poll(() => processesNamed(marker), POLL).toEqual([])
  })

  it('says why a program was to end, though it may send it no signal', () => {
    const runTool = fileURLToPath(new URL('../src/ffmpeg/run-tool.ts', import.meta.url))
    const script = `
      const { runTool } = await import(${JSON.stringify(runTool)})
      const job = { command: '/bin/sleep', args: ['1'], cwd: '/', timeoutMs: 50 }
      console.log(await runTool(job).then(() => 'ended', error => error.code))`
    const limits = markedLimits()
    const [program = '', ...args] = isolationOf('landlock', limits).prefix({ folder: TEMP_ROOT })
    const node = [process.execPath, '--no-warnings', '--input-type=module', '-e', script]
    expect(execFileSync(program, [...args, ...node], { env: {}, cwd: '/', encoding: 'utf8' })).toBe('TIMEOUT\n')
  })
})
