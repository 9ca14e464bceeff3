import { execFile, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { promisify } from 'node:util'
import { appError } from '@darkroom/contracts'
import { editDatabaseUrl } from '@darkroom/db/client'

/** pg_dump and pg_restore of one version. */
export interface PostgresTools {
  folder: string
  /** Such as `18.1`. */
  version: string
}

/** Where Debian and Ubuntu install every version in a folder of its own. */
const DEBIAN_ROOT = '/usr/lib/postgresql'

const run = promisify(execFile)

/**
 * Finds pg_dump and pg_restore that know the server: pg_dump refuses a server that is newer than itself.
 * @param folder the only one to look in, when it is given
 * @throws BACKUP_TOOLS_MISSING that names what was found
 */
export async function findPostgresTools(serverMajor: number, folder?: string): Promise<PostgresTools> {
  const found: PostgresTools[] = []
  for (const candidate of folder ? [folder] : await candidates()) {
    const version = await versionIn(candidate)
    if (!version) continue
    if (Number.parseInt(version, 10) >= serverMajor) return { folder: candidate, version }
    found.push({ folder: candidate, version })
  }
  const others = found.map(({ folder: place, version }) => `${version} in ${place}`).join(', ')
  throw appError(
    'BACKUP_TOOLS_MISSING',
    `The server is Postgres ${serverMajor}, so pg_dump and pg_restore ${serverMajor} or newer are needed on ${hostname()}; found ${others || 'none'}. Install postgresql-client-${serverMajor} (https://www.postgresql.org/download), or set POSTGRES_BIN_DIR.`,
  )
}

async function candidates(): Promise<string[]> {
  const versions = await readdir(DEBIAN_ROOT).catch(() => [])
  // The newest first. Before PATH, where Debian has a script that chooses one by itself.
  const debian = versions.sort((a, b) => Number(b) - Number(a)).map(version => join(DEBIAN_ROOT, version, 'bin'))
  return [...debian, ...(process.env.PATH ?? '').split(delimiter).filter(Boolean)]
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    const [{ stdout }] = await Promise.all([
      run(join(folder, 'pg_dump'), ['--version']),
      run(join(folder, 'pg_restore'), ['--version']),
    ])
    return /(\d+(?:\.\d+)?)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

interface ToolOptions {
  databaseUrl: string
  signal?: AbortSignal | undefined
}

/** Dumps one moment of a database in pg_dump's custom format. The stream ends only when pg_dump has said that it is complete. */
export function dumpDatabase(
  { folder }: PostgresTools,
  { databaseUrl, snapshot, signal }: ToolOptions & { snapshot: string },
): Readable {
  const content = ['--no-owner', '--no-privileges', '--no-unlogged-table-data', '--lock-wait-timeout=60000']
  const tool = startTool(join(folder, 'pg_dump'), ['--format=custom', `--snapshot=${snapshot}`, ...content], {
    databaseUrl,
    signal,
  })
  tool.input.end()
  return Readable.from(untilEnded(tool), { objectMode: false })
}

async function* untilEnded({ output, ended }: Tool): AsyncGenerator<Uint8Array> {
  yield* output
  await ended
}

/** Restores a dump into an empty database: all of it or nothing. */
export async function restoreDatabase(
  { folder }: PostgresTools,
  dump: Readable,
  { databaseUrl, signal }: ToolOptions,
): Promise<void> {
  const args = ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges']
  const { input, output, ended } = startTool(join(folder, 'pg_restore'), args, { databaseUrl, signal })
  output.resume()
  const { pipeline } = await import('node:stream/promises')
  const [sent, restored] = await Promise.allSettled([pipeline(dump, input), ended])
  // Of a dump that cannot be read on pg_restore only says that it ended early.
  if (sent.status === 'rejected' && !isBrokenPipe(sent.reason)) throw sent.reason
  if (restored.status === 'rejected') throw restored.reason
}

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code))

interface Tool {
  input: Writable
  output: Readable
  /** Rejects with BACKUP_FAILED and what the program said. */
  ended: Promise<void>
}

const MAX_SAID = 2000

function startTool(program: string, args: string[], { databaseUrl, signal }: ToolOptions): Tool {
  const { url, password } = withoutPassword(databaseUrl)
  const child = spawn(program, [...args, '--no-password', `--dbname=${url}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Arguments are seen by every user of the machine, its environment by the same user only.
    env: { ...postgresVariables(), ...(password && { PGPASSWORD: password }) },
    ...(signal && { signal }),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-MAX_SAID)
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, reason) => {
      if (code === 0) return resolve()
      reject(appError('BACKUP_FAILED', `${said.trim() || `${program} ended with ${code ?? reason}`}`))
    })
  })
  // Who reads the output hears of it there.
  ended.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  return { input: child.stdin, output: child.stdout, ended }
}

function withoutPassword(databaseUrl: string): { url: string; password: string } {
  let password = ''
  const url = editDatabaseUrl(databaseUrl, address => {
    password = decodeURIComponent(address.password)
    address.password = ''
  })
  return { url, password }
}

const postgresVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name === 'PATH' || name === 'HOME' || name.startsWith('PG')),
  )
