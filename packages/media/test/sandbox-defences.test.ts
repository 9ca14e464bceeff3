import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readlinkSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLongForm } from '@darkroom/testing/samples'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Limits } from '../src/index.ts'
import type { Isolation } from '../src/sandbox/isolation.ts'
import type { Act } from './fixtures/hostile-child.ts'
import { isolationOf, type Level, startHostile, usableLevels } from './hostile.ts'
import { markedLimits, TEMP_ROOT, tempDir } from './pool.ts'

const MIB = 1024 * 1024
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PACKAGES = path.join(ROOT, 'node_modules')
const SECRET = `canary-${process.pid}-${Date.now()}`

/** Where a worker's secrets and other people's files lie, and where nobody but us may write. */
interface Host {
  home: string
  checkout: string
  code: string
  otherJob: string
  own: string
  /** What was compiled ahead. */
  compiled: string
  port: number
}
let host: Host
let hits = 0
let server: Server
const workers: ReturnType<typeof spawn>[] = []

beforeAll(async () => {
  server = createServer(socket => {
    hits += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A worker with a secret in its environment.
  workers.push(spawn('/bin/sleep', ['600'], { env: { B2_APPLICATION_KEY: SECRET }, stdio: 'ignore' }))
  const home = await mkdtemp(path.join(homedir(), '.canary-'))
  // Where git and the tools look at nothing, because they may run beside this.
  const [checkout, code] = await Promise.all([ignored(path.join(ROOT, 'test-results')), ignored(PACKAGES)])
  const [otherJob, own] = await Promise.all([tempDir(), tempDir()])
  const compiled = await mkdtemp(path.join(tmpdir(), 'compiled-'))
  const { port } = server.address() as AddressInfo
  host = { home, checkout, code, otherJob, own, compiled, port }
  await Promise.all([home, checkout, otherJob].map(folder => writeFile(path.join(folder, 'secret'), SECRET)))
})

afterAll(async () => {
  server.close()
  for (const worker of workers) worker.kill('SIGKILL')
  const { home, checkout, code, compiled } = host
  await Promise.all([home, checkout, code, compiled].map(one => rm(one, { recursive: true, force: true })))
})

/** What a decoder that got through wrote must not be taken for the deed of the next one. */
afterEach(async () => {
  const { home, checkout, code, compiled } = host
  await Promise.all([home, checkout, code, compiled, '/tmp'].map(folder => rm(leftIn(folder), { force: true })))
})

async function ignored(folder: string): Promise<string> {
  const parent = path.join(folder, '.cache')
  await mkdir(parent, { recursive: true })
  return mkdtemp(path.join(parent, 'canary-'))
}

/** Puts `to` where `from` stands in the command of a sandbox; a defence that is not there cannot be switched off. */
function replaced(isolation: Isolation, from: string[], to: string[]): Isolation {
  return {
    ...isolation,
    prefix: access => {
      const args = isolation.prefix(access)
      const at = args.findIndex((_, n) => from.every((arg, i) => args[n + i] === arg))
      if (at < 0) throw new Error(`there is no ${from.join(' ')}`)
      return args.toSpliced(at, from.length, ...to)
    },
  }
}

const without = (isolation: Isolation, ...args: string[]): Isolation => replaced(isolation, args, [])
/** What bubblewrap calls it, or `unshare`. */
const withoutEither = (isolation: Isolation, ...[first, second]: [string[], string[]]): Isolation =>
  without(isolation, ...(isolation.prefix({ folder: '/' }).includes(first[0] ?? '') ? first : second))
/** Shows a folder more than is needed. */
const showing = (isolation: Isolation, folder: string, access: 'to read' | 'to write' = 'to read'): Isolation =>
  isolation.name === 'landlock'
    ? replaced(isolation, ['--write', '/dev/null'], [access === 'to read' ? '--read' : '--write', folder])
    : replaced(
        isolation,
        ['--remount-ro', '/dev'],
        [access === 'to read' ? '--ro-bind' : '--bind', folder, folder, '--remount-ro', '/dev'],
      )

/** Shows one folder in the place of another, both to write. */
const showingInstead = (isolation: Isolation, folder: string, instead: string): Isolation =>
  isolation.name === 'landlock'
    ? replaced(isolation, ['--write', folder], ['--write', instead])
    : replaced(isolation, ['--bind', folder, folder], ['--bind', instead, instead])

/** Lets it write where it may only read. */
const writable = (isolation: Isolation, folder: string): Isolation =>
  isolation.name === 'landlock'
    ? replaced(isolation, ['--read', folder], ['--write', folder])
    : replaced(isolation, ['--ro-bind', folder, folder], ['--bind', folder, folder])

/** One instruction of BPF: return ALLOW. */
const ALLOW_ALL = '060000000000ff7f'
/** Lets every system call pass. */
function unfiltered(isolation: Isolation): Isolation {
  const at = isolation.prefix({ folder: '/' })
  const filter = at[at.indexOf('--filter') + 1] ?? 'none'
  return replaced(isolation, ['--filter', filter], ['--filter', ALLOW_ALL])
}

/** The same process with no sandbox at all, for what several defences keep in. */
const unconfined = (isolation: Isolation): Isolation => ({
  ...isolation,
  prefix: () => [],
  hasPidNamespace: false,
  keepsGroup: false,
})

/** Starts the decoder through one more program, in the sandbox. */
const behind = (isolation: Isolation, ...command: string[]): Isolation => ({
  ...isolation,
  prefix: access => [...isolation.prefix(access), ...command],
})

interface Probe {
  title: string
  act(host: Host): Act
  /** Whether the answer to it is a leak. */
  leaks(answer: unknown): boolean
  /** The kinds of sandbox that keep it in. */
  holds: readonly Level[]
  /** The same sandbox with this one defence missing; the act must come through then. */
  broken(isolation: Isolation, host: Host): Isolation
  limits?: Partial<Limits>
  /** Whose worker can show it: others could not do it anyway, or are bound by no such limit. */
  onlyAs?: 'root' | 'user'
  /** Whether anybody can do it on this machine, with no sandbox at all: a container may keep it in by itself. */
  isPossible?(): boolean
}

const BUBBLEWRAP: readonly Level[] = ['bubblewrap']
/** Those that hide files and leave few system calls. */
const FULL: readonly Level[] = ['bubblewrap', 'landlock']
const NAMESPACES: readonly Level[] = ['bubblewrap', 'unshare']
const APART: readonly Level[] = ['bubblewrap', 'landlock', 'unshare']
const GUARDED: readonly Level[] = ['bubblewrap', 'landlock', 'unshare', 'guard']
const succeeded = (answer: unknown): boolean => !String(answer).startsWith('failed')
const MEMFD_CREATE = process.arch === 'arm64' ? 279 : 319
const secret = (answer: unknown): boolean => String(answer).includes(SECRET)
const reads = (folder: string): Act => ({ do: 'read', path: path.join(folder, 'secret') })
const leftIn = (folder: string): string => path.join(folder, 'left-by-a-hostile-child')
const wroteTo = (folder: string): boolean => existsSync(leftIn(folder))

const PROBES: Probe[] = [
  {
    title: 'read a file of the worker’s home',
    act: ({ home }) => reads(home),
    leaks: secret,
    holds: FULL,
    broken: (isolation, { home }) => showing(isolation, home),
  },
  {
    title: 'read a file of the checkout, where configuration and local data lie',
    act: ({ checkout }) => reads(checkout),
    leaks: secret,
    holds: FULL,
    broken: (isolation, { checkout }) => showing(isolation, checkout),
  },
  {
    title: 'read a file of another job',
    act: ({ otherJob }) => reads(otherJob),
    leaks: secret,
    holds: FULL,
    broken: (isolation, { own }) => showingInstead(isolation, own, TEMP_ROOT),
  },
  {
    title: 'read the password hashes of the system',
    act: () => ({ do: 'read', path: '/etc/shadow' }),
    leaks: succeeded,
    holds: FULL,
    broken: isolation => showing(isolation, '/etc/shadow'),
    onlyAs: 'root',
  },
  {
    title: 'list the home of root',
    act: () => ({ do: 'list', path: '/root' }),
    leaks: succeeded,
    holds: FULL,
    broken: isolation => showing(isolation, '/root'),
    onlyAs: 'root',
  },
  {
    title: 'write into the code that the next process runs',
    act: ({ code }) => ({ do: 'write', path: code }),
    leaks: () => wroteTo(host.code),
    holds: FULL,
    broken: isolation => writable(isolation, PACKAGES),
  },
  {
    title: 'write into what was compiled ahead for the next process',
    act: ({ compiled }) => ({ do: 'write', path: compiled }),
    leaks: () => wroteTo(host.compiled),
    holds: FULL,
    broken: (isolation, { compiled }) => writable(isolation, compiled),
  },
  {
    title: 'write into the checkout',
    act: ({ checkout }) => ({ do: 'write', path: checkout }),
    leaks: () => wroteTo(host.checkout),
    holds: FULL,
    broken: isolation => showing(isolation, ROOT.slice(0, -1), 'to write'),
  },
  {
    title: 'write into the worker’s home',
    act: ({ home }) => ({ do: 'write', path: home }),
    leaks: () => wroteTo(host.home),
    holds: FULL,
    broken: isolation => showing(isolation, homedir(), 'to write'),
  },
  {
    title: 'fill memory through the root of the file system',
    act: () => ({ do: 'write', path: '/' }),
    leaks: succeeded,
    holds: BUBBLEWRAP,
    broken: isolation => without(isolation, '--remount-ro', '/'),
  },
  {
    title: 'fill memory through /dev',
    act: () => ({ do: 'write', path: '/dev/shm' }),
    leaks: succeeded,
    holds: BUBBLEWRAP,
    broken: isolation => without(isolation, '--remount-ro', '/dev'),
  },
  {
    title: 'fill memory through /tmp',
    act: () => ({ do: 'write', path: '/tmp', bytes: 65 * MIB }),
    leaks: succeeded,
    holds: BUBBLEWRAP,
    broken: isolation => without(isolation, '--size', String(64 * MIB)),
  },
  {
    title: 'write into the temporary folder of the system',
    act: () => ({ do: 'write', path: '/tmp' }),
    leaks: () => wroteTo('/tmp'),
    holds: ['landlock'],
    broken: isolation => showing(isolation, '/tmp', 'to write'),
  },
  {
    title: 'leave its session and its process group',
    act: () => ({ do: 'run', command: ['/usr/bin/setsid', '/bin/true'] }),
    leaks: answer => answer === 'ended with 0',
    holds: FULL,
    broken: unfiltered,
  },
  {
    title: 'keep files in memory that nobody counts',
    act: () => ({
      do: 'run',
      command: ['/usr/bin/perl', '-e', `$name = "x"; exit(syscall(${MEMFD_CREATE}, $name, 0) < 0)`],
    }),
    leaks: answer => answer === 'ended with 0',
    holds: FULL,
    broken: unfiltered,
  },
  {
    title: 'send a signal to the worker',
    act: () => ({ do: 'run', command: ['/bin/sh', '-c', `kill -0 ${process.pid}`] }),
    leaks: answer => answer === 'ended with 0',
    holds: FULL,
    broken: unconfined,
  },
  {
    title: 'make a user namespace of its own',
    act: () => ({ do: 'run', command: ['/usr/bin/unshare', '--user', '/bin/true'] }),
    leaks: answer => answer === 'ended with 0',
    holds: FULL,
    isPossible: () => spawnSync('/usr/bin/unshare', ['--user', '/bin/true']).status === 0,
    broken: isolation =>
      isolation.name === 'bubblewrap' ? without(unfiltered(isolation), '--disable-userns') : unfiltered(isolation),
  },
  {
    title: 'reach a server of the worker’s machine',
    act: ({ port }) => ({ do: 'connect', port }),
    leaks: answer => answer === 'connected',
    holds: APART,
    // In bubblewrap the filter of system calls is a second line, in Landlock its rules of TCP are.
    broken: isolation =>
      ({
        bubblewrap: () => without(unfiltered(isolation), '--unshare-net'),
        unshare: () => without(isolation, '--net'),
        landlock: () => unconfined(isolation),
      })[isolation.name as 'bubblewrap' | 'unshare' | 'landlock'](),
  },
  {
    title: 'see another process',
    act: () => ({ do: 'list', path: '/proc' }),
    leaks: answer => Array.isArray(answer) && answer.includes(String(process.pid)),
    holds: APART,
    broken: isolation =>
      isolation.name === 'landlock'
        ? showing(isolation, '/proc')
        : withoutEither(isolation, ['--unshare-pid', '--as-pid-1'], ['--mount-proc']),
  },
  {
    title: 'share shared memory and message queues with others',
    act: () => ({ do: 'namespace', name: 'ipc' }),
    leaks: answer => answer === readlinkSync('/proc/self/ns/ipc'),
    holds: NAMESPACES,
    broken: isolation => withoutEither(isolation, ['--unshare-ipc'], ['--ipc']),
  },
  {
    title: 'share the name of the host with others',
    act: () => ({ do: 'namespace', name: 'uts' }),
    leaks: answer => answer === readlinkSync('/proc/self/ns/uts'),
    holds: NAMESPACES,
    broken: isolation => withoutEither(isolation, ['--unshare-uts'], ['--uts']),
  },
  {
    title: 'be of a session that began outside',
    act: () => ({ do: 'read', path: '/proc/self/stat' }),
    leaks: answer => String(answer).split(') ')[1]?.split(' ')[3] === '0',
    holds: BUBBLEWRAP,
    broken: isolation => without(isolation, '--new-session'),
  },
  {
    title: 'find a secret in the environment of a worker',
    act: () => ({ do: 'environs', find: SECRET }),
    leaks: answer => Array.isArray(answer) && answer.length > 0,
    holds: APART,
    // Either of the user and the PID namespace is enough.
    broken: unconfined,
  },
  {
    title: 'find anything of the worker in its own environment',
    act: () => ({ do: 'read', path: '/proc/self/environ' }),
    leaks: answer =>
      String(answer)
        .split('\0')
        .some(entry => !['', 'PWD=/', 'MALLOC_ARENA_MAX=1'].includes(entry)),
    holds: GUARDED,
    broken: isolation => behind(isolation, '/usr/bin/env', `B2_APPLICATION_KEY=${SECRET}`),
  },
  {
    title: 'use a file that the worker has open',
    act: () => ({ do: 'handles' }),
    leaks: answer => Array.isArray(answer) && answer.some(handle => /^\/(?!dev\/null|proc\/)/.test(String(handle))),
    holds: GUARDED,
    broken: isolation => behind(isolation, '/bin/sh', '-c', 'exec "$@" 9</usr/bin/env', 'sh'),
  },
  {
    title: 'write a file that is larger than an output may be',
    act: ({ own }) => ({ do: 'write', path: own, bytes: 2 * MIB }),
    leaks: succeeded,
    holds: GUARDED,
    broken: isolation => without(isolation, `--fsize=${MIB}`),
    limits: { maxOutputBytes: MIB },
  },
  {
    title: 'reserve far more memory than the limit',
    act: () => ({ do: 'reserve', bytes: 1700 * MIB }),
    leaks: succeeded,
    holds: GUARDED,
    broken: isolation => without(isolation, `--data=${(256 + 1024) * MIB}`),
    limits: { maxRssBytes: 256 * MIB },
  },
  {
    title: 'open files without end',
    act: () => ({ do: 'open', count: 600 }),
    leaks: succeeded,
    holds: GUARDED,
    broken: isolation => without(isolation, '--nofile=512'),
  },
  {
    title: 'start programs without end',
    act: () => ({ do: 'run', command: ['/bin/sh', '-c', 'for n in $(seq 1100); do /bin/sleep 9 & done'] }),
    leaks: answer => answer === 'ended with 0',
    holds: NAMESPACES,
    broken: isolation => replaced(isolation, ['--nproc=1024'], ['--nproc=4096']),
    onlyAs: 'user',
  },
  {
    title: 'dump its memory',
    act: () => ({ do: 'read', path: '/proc/self/limits' }),
    leaks: answer => !/Max core file size\s+0\s+0/.test(String(answer)),
    holds: GUARDED,
    broken: isolation => replaced(isolation, ['--core=0'], ['--core=unlimited']),
  },
  {
    title: 'gain privileges',
    act: () => ({ do: 'read', path: '/proc/self/status' }),
    leaks: answer => /NoNewPrivs:\s+0/.test(String(answer)),
    holds: ['unshare', 'guard'],
    broken: isolation => without(isolation, '--no-new-privs'),
  },
]

async function answerTo(probe: Probe, isolation: Isolation, limits: Limits): Promise<unknown> {
  const hostile = await startHostile(isolation, { folder: host.own, readable: host.compiled }, limits)
  try {
    return await hostile.act(probe.act(host))
  } finally {
    await hostile.end()
  }
}

const ME = process.getuid?.() === 0 ? 'root' : 'user'
const usable = await usableLevels()

for (const level of GUARDED) {
  describe.skipIf(!usable.has(level))(`a hijacked decoder in the sandbox ${level}`, () => {
    const probes = PROBES.filter(({ holds, onlyAs = ME }) => holds.includes(level) && onlyAs === ME)

    it.each(probes)('cannot $title', async probe => {
      const limits = markedLimits(probe.limits)
      const hitsBefore = hits
      expect(probe.leaks(await answerTo(probe, isolationOf(level, limits), limits))).toBe(false)
      expect(hits).toBe(hitsBefore)
    })

    // Where several sandboxes have a defence, the short form switches it off in the first of them.
    const possible = probes.filter(
      ({ holds, isPossible = () => true }) =>
        isPossible() && (isLongForm || level === holds.find(each => usable.has(each))),
    )
    it.each(possible)('can $title when that one defence is switched off', async probe => {
      const limits = markedLimits(probe.limits)
      const answer = await answerTo(probe, probe.broken(isolationOf(level, limits), host), limits)
      expect(probe.leaks(answer), String(answer).slice(0, 200)).toBe(true)
    })

    it.each([
      ['cannot work beyond its CPU time', 1, 'WORKER_CRASHED'],
      ['can work beyond its CPU time when that one defence is switched off', undefined, 'done'],
    ])('%s', async (_title, maxCpuSec, end) => {
      const limits = markedLimits({ timeoutMs: 50_000 })
      const access = { folder: host.own, readable: host.compiled, ...(maxCpuSec && { maxCpuSec }) }
      const hostile = await startHostile(isolationOf(level, limits), access, limits)
      const burning = hostile.act({ do: 'burn', cpuMs: 2500 })
      expect(await burning.catch(error => error.code)).toBe(end)
      await hostile.end()
    })
  })
}
