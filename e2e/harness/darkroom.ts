import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './ports.ts'
import { type ProcessEntry, processTree, stillRunning } from './process-tree.ts'

export const REPO_ROOT = join(import.meta.dirname, '../..')
const NODE = join(REPO_ROOT, 'node_modules/.bin/node')
/** Where `npm start` has it too. */
const NODE_COMPILE_CACHE = join(REPO_ROOT, 'node_modules/.cache/node')

/** All that one installation leaves on this machine: its data, what it calls the system's temporary folder, its ports. */
export interface Home {
  folder: string
  env: { DARKROOM_DATA: string; TMPDIR: string; PORT: string; LOCAL_B2_PORT: string }
  port: number
  storePort: number
  /** Files that somebody still works on or forgot, of every kind. */
  temporaryFiles(): string[]
  remove(): Promise<void>
}

/** Where test files find the data of an installation that was started once and has seen nothing yet. */
export const PREPARED_VARIABLE = 'DARKROOM_E2E_PREPARED'

/**
 * Creates a folder for an installation. A third of the cost of a first start is creating the database, so the folder
 * has one already, unless a test is about that (`isFresh`).
 */
export async function createHome({ isFresh = false } = {}): Promise<Home> {
  const folder = await mkdtemp(join(process.env.DARKROOM_TEST_HOMES ?? tmpdir(), 'darkroom-e2e-'))
  const data = join(folder, 'data')
  const prepared = process.env[PREPARED_VARIABLE]
  // With its owners: as root, Postgres runs as somebody else.
  if (prepared && !isFresh) await promisify(execFile)('cp', ['-a', prepared, data])
  const systemTemp = join(folder, 'tmp')
  await mkdir(systemTemp)
  const [port, storePort] = [await freePort(), await freePort()]
  const temporaryFolders = [systemTemp, join(data, 'tmp'), join(data, 'b2/tmp')]
  return {
    folder,
    env: { DARKROOM_DATA: data, TMPDIR: systemTemp, PORT: `${port}`, LOCAL_B2_PORT: `${storePort}` },
    port,
    storePort,
    temporaryFiles: () =>
      temporaryFolders
        .filter(path => existsSync(path))
        .flatMap(path => readdirSync(path, { recursive: true, encoding: 'utf8' }).map(name => join(path, name))),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}

type Env = Record<string, string | undefined>

export interface Service {
  pid: number
  /** Both streams, as a user sees them. */
  output(): string
  /** Resolves when a line matches; rejects when the process ends before. */
  line(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>
  /** The process and everything it started. */
  tree(): ProcessEntry[]
  /** Ctrl-C, or what a service manager does: the signal goes to the whole foreground group. Resolves with the exit code. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>
  /** SIGKILL to this process alone. */
  killMain(): Promise<void>
  /** SIGKILL to every process of the tree. */
  killAll(): Promise<void>
  exited: Promise<number | null>
}

const START_MS = 60_000
const STOP_MS = 45_000

/** Starts a program in a process group of its own, with this environment and nothing of the test runner's. */
export function startService(command: string, args: string[], env: Env): Service {
  const child = spawn(command, args, {
    cwd: REPO_ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: userPath(), HOME: process.env.HOME, LANG: 'C.UTF-8', NODE_COMPILE_CACHE, ...env },
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} cannot be started`)
  const text = collectOutput(child)
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))

  const within = <T>(ms: number, what: string, wanted: Promise<T>): Promise<T> => {
    const failure = Promise.withResolvers<never>()
    const timer = setTimeout(() => failure.reject(new Error(`${what}: not within ${ms} ms\n${text()}`)), ms)
    return Promise.race([wanted, failure.promise]).finally(() => clearTimeout(timer))
  }

  const matching = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text())
        if (found) resolve(found)
      }
      look()
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      exited.then(code => reject(new Error(`${command} exited with ${code} before ${pattern}\n${text()}`)))
    })

  return {
    pid,
    output: text,
    line: (pattern, withinMs = START_MS) => within(withinMs, `${pattern}`, matching(pattern)),
    tree: () => processTree(pid),
    stop(signal = 'SIGINT') {
      send(-pid, signal)
      return within(STOP_MS, `the end after ${signal}`, exited)
    },
    async killMain() {
      // npm and the shell around it are not the product: whoever has no child of this group is.
      const main = processTree(pid).find(({ command }) => command.includes('apps/cli/src/main.ts')) ?? { pid }
      send(main.pid, 'SIGKILL')
      await exited
    },
    async killAll() {
      const tree = processTree(pid)
      for (const entry of tree) send(entry.pid, 'SIGKILL')
      // What was forked between the look and the kill.
      for (const entry of stillRunning(tree)) send(entry.pid, 'SIGKILL')
      await exited
    },
    exited,
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Returns the PATH without the folders that a test runner adds, because a user's npm runs on the user's Node. */
const userPath = (): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(folder => !folder.endsWith('node_modules/.bin'))
    .join(delimiter)

function collectOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return () => text
}

/** Starts a program of the repository with the Node that it installs. */
export const startProgram = (path: string, args: string[], env: Env): Service =>
  startService(NODE, [join(REPO_ROOT, path), ...args], env)

/** Runs a program to its end. */
export async function runProgram(
  path: string,
  args: string[],
  env: Env,
): Promise<{ code: number | null; output: string }> {
  const service = startProgram(path, args, env)
  const code = await service.exited
  return { code, output: service.output() }
}

export interface Darkroom extends Service {
  url: string
  startedInMs: number
}

/**
 * Starts the product as a user does. `npm` is the exact command of the README; without it the same program starts
 * without npm.
 */
export async function startDarkroom(
  home: Home,
  { env = {}, via = 'node' }: { env?: Env; via?: 'npm' | 'node' } = {},
): Promise<Darkroom> {
  const began = performance.now()
  const all = { ...home.env, ...env }
  const service =
    via === 'npm' ? startService('npm', ['start'], all) : startProgram('apps/cli/src/main.ts', ['start'], all)
  try {
    const [, url = ''] = await service.line(/^darkroom ready (http:\S+)$/m)
    return { ...service, url, startedInMs: Math.round(performance.now() - began) }
  } catch (error) {
    await service.killAll()
    throw error
  }
}
