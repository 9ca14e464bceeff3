import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { appError } from '@darkroom/contracts'
import { pairsOf } from '@darkroom/testing/samples'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Limits } from '../src/index.ts'
import { type Hostile, isolationOf, LEVELS, type Level, processesNamed, startHostile, usableLevels } from './hostile.ts'
import { markedLimits, processesOf, TEMP_ROOT } from './pool.ts'

const MIB = 1024 * 1024
const FFMPEG = '/usr/bin/ffmpeg'
const DECODER = fileURLToPath(new URL('../src/sandbox/child.mjs', import.meta.url))
const WORKER = fileURLToPath(new URL('./fixtures/hostile-worker.ts', import.meta.url))

let count = 0
const newMarker = (): string => `darkroom-tree-${process.pid}-${++count}`
const markers: string[] = []
/** Of workers that were killed. */
const orphans: Limits[] = []
afterEach(() => {
  const left = [...markers.splice(0).map(processesNamed), ...orphans.splice(0).map(processesOf)].flat()
  // One may take another with it before its turn comes.
  if (left.length > 0) spawnSync('/bin/kill', ['-KILL', ...left.map(String)])
})

/** Commands that go on for ever, findable by `marker`. */
const COMMANDS: { name: string; command(marker: string): string[]; levels: readonly Level[] }[] = [
  {
    name: 'an idle program',
    command: marker => ['/bin/sh', '-c', 'while :; do /bin/sleep 1; done', marker],
    levels: LEVELS,
  },
  {
    name: 'a busy ffmpeg',
    command: marker => [
      ...[FFMPEG, '-v', 'quiet', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=640x360'],
      ...['-metadata', `title=${marker}`, '-f', 'null', '-'],
    ],
    levels: existsSync(FFMPEG) ? LEVELS : [],
  },
  {
    name: 'a program that left its session',
    command: marker => ['/usr/bin/setsid', '/bin/sh', '-c', 'while :; do /bin/sleep 1; done', marker],
    // Nothing can leave its session in the full sandbox; without a PID namespace nothing holds on to what does.
    levels: ['unshare'],
  },
]

const ENDS: { name: string; code: string; end(hostile: Hostile): Promise<unknown>; limits?: Partial<Limits> }[] = [
  {
    name: 'is killed',
    code: 'LEASE_LOST',
    end: ({ act, media }) => {
      const burning = act({ do: 'burn' })
      media.kill(appError('LEASE_LOST'))
      return burning
    },
  },
  { name: 'crashes', code: 'WORKER_CRASHED', end: ({ act }) => act({ do: 'crash' }) },
  {
    name: 'takes too long',
    code: 'TIMEOUT',
    end: ({ act }) => act({ do: 'burn' }),
    limits: { timeoutMs: 1500 },
  },
  {
    name: 'takes too much memory, together with what it started',
    code: 'RESOURCE_LIMIT',
    end: async ({ act }) => {
      await act({
        do: 'start',
        command: [process.execPath, '-e', 'globalThis.b = Buffer.alloc(3e8, 1); setInterval(() => 0, 1e9)'],
      })
      await act({ do: 'wait' })
    },
    limits: { maxRssBytes: 300 * MIB },
  },
]

const gone = (marker: string) =>
  vi.waitFor(() => expect(processesNamed(marker)).toEqual([]), { timeout: 20_000, interval: 50 })

async function startWith(level: Level, command: string[], marker: string, limits: Limits): Promise<Hostile> {
  markers.push(marker)
  const hostile = await startHostile(isolationOf(level, limits), { folder: TEMP_ROOT }, limits)
  await hostile.act({ do: 'start', command })
  await vi.waitFor(() => expect(processesNamed(marker)).not.toEqual([]), { timeout: 20_000 })
  return hostile
}

const usable = await usableLevels()

for (const level of LEVELS) {
  describe.skipIf(!usable.has(level))(`what a decoder started in the sandbox ${level}`, () => {
    const commands = COMMANDS.filter(({ levels }) => levels.includes(level))
    const cases = pairsOf(commands, ENDS).map(([command, end]) => ({
      ...command,
      ...end,
      what: command.name,
      when: end.name,
    }))

    it.each(cases)('is gone ($what) when the decoder $when', async ({ command, end, code, limits }) => {
      const marker = newMarker()
      const hostile = await startWith(level, command(marker), marker, markedLimits(limits))
      await expect(end(hostile)).rejects.toMatchObject({ code })
      await hostile.media.gone
      // Without a namespace the system reaps what we killed, in its own time.
      if (isolationOf(level, markedLimits()).hasPidNamespace) expect(processesNamed(marker)).toEqual([])
      else await gone(marker)
    })

    it.each(commands)('is gone ($name) when the worker is killed with -9', async ({ command }) => {
      const marker = newMarker()
      const limits = await killWorker(level, command(marker), marker)
      await gone(marker)
      await vi.waitFor(() => expect(processesOf(limits)).toEqual([]), { timeout: 20_000 })
    })

    it('counts towards the memory of the decoder', async () => {
      const limits = markedLimits({ maxRssBytes: 2048 * MIB })
      const marker = newMarker()
      const script = `globalThis.b = Buffer.alloc(3e8, 1); setInterval(() => 0, 1e9) // ${marker}`
      const { media, end } = await startWith(level, [process.execPath, '-e', script], marker, limits)
      await vi.waitFor(() => expect(media.rssBytes).toBeGreaterThan(3e8), { timeout: 20_000 })
      expect(media.peakRssBytes).toBeGreaterThan(3e8)
      await end()
    })
  })
}

async function killWorker(
  level: Level,
  command: string[],
  marker: string,
  switchedOff: string[] = [],
): Promise<Limits> {
  markers.push(marker)
  const limits = markedLimits()
  orphans.push(limits)
  const args = [level, JSON.stringify(command), JSON.stringify(switchedOff), String(limits.timeoutMs)]
  const worker = spawn(process.execPath, [WORKER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(worker.stdout, 'data')
  await vi.waitFor(() => expect(processesNamed(marker).length).toBeGreaterThan(1), { timeout: 20_000 })
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  return limits
}

describe.skipIf(!usable.has('bubblewrap'))('with one defence switched off', () => {
  it.each([
    ['bubblewrap', '--die-with-parent'],
    ['unshare', '--kill-child=SIGKILL'],
  ] as const)('a worker in the sandbox %s leaves its decoder behind without %s', async (level, defence) => {
    const marker = newMarker()
    await killWorker(level, ['/bin/sh', '-c', 'while :; do /bin/sleep 1; done', marker], marker, [defence])
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(processesNamed(marker)).not.toEqual([])
  })
})

describe.skipIf(!usable.has('bubblewrap'))('a decoder that outlived its bubblewrap', () => {
  // As when bubblewrap is killed in the moment in which it starts the decoder and has not tied it to its own life yet.
  it('does not go on working for us', async () => {
    const limits = markedLimits()
    orphans.push(limits)
    const tied = isolationOf('bubblewrap', limits)
    const prefix: typeof tied.prefix = access => tied.prefix(access).filter(arg => arg !== '--die-with-parent')
    const { media, act } = await startHostile({ ...tied, prefix }, { folder: TEMP_ROOT }, limits)
    const [outer = 0, inner = 0] = processesOf(limits).sort((a, b) => a - b)
    const waiting = act({ do: 'wait' })
    process.kill(outer, 'SIGKILL')
    await expect(waiting).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
    await media.gone
    await vi.waitFor(() => expect(processesOf(limits)).not.toContain(inner), { timeout: 20_000, interval: 50 })
  })
})

describe.skipIf(!usable.has('landlock'))('a decoder that may send no signals', () => {
  it('ends quietly when its channel is closed', async () => {
    const limits = markedLimits()
    orphans.push(limits)
    const [command = '', ...args] = isolationOf('landlock', limits).prefix({ folder: TEMP_ROOT })
    const settings = JSON.stringify({ limits, threads: 1, tools: null, codeDir: null })
    const decoder = spawn(command, [...args, process.execPath, DECODER, settings], {
      env: {},
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    const said: Buffer[] = []
    decoder.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
    const channel = decoder.stdio[3] as Duplex
    await once(channel, 'data')
    channel.destroy()
    const [code] = await once(decoder, 'close')
    expect([code, Buffer.concat(said).toString()]).toEqual([0, ''])
  })
})
