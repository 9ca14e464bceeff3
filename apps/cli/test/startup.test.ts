import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue } from '@darkroom/jobs/executor'
import { startLocalB2 } from '@darkroom/local-b2'
import { COMPILE_CACHE, createTestDatabase, freePort } from '@darkroom/testing'
import { samplesOf } from '@darkroom/testing/samples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAMS = {
  start: ['apps/cli/src/main.ts', 'start'],
  api: ['apps/api/src/main.ts'],
  worker: ['apps/worker/src/main.ts'],
}
type Program = keyof typeof PROGRAMS

/** All that a process of its own wants; what a case gives takes the place of one of them. */
const CONFIGURED = {
  DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:61234/x',
  DARKROOM_SECRET: 'x'.repeat(32),
  PORT: '0',
  B2_KEY_ID: 'k',
  B2_APPLICATION_KEY: 'a',
  B2_BUCKET_NAME: 'darkroom',
  B2_REGION: 'local-000',
  B2_ENDPOINT: 'http://127.0.0.1:61234',
}

const opened = new AsyncDisposableStack()
let folder: string
/** A database without a schema. */
let emptyDatabase: string
let database: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-startup-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const empty = await createTestDatabase({ template: { name: 'empty', prepare: async () => undefined } })
  opened.defer(empty.drop)
  emptyDatabase = empty.url
  const made = await createTestDatabase({ template: { name: 'darkroom_with_queue', prepare: migrate } })
  opened.defer(made.drop)
  database = made.url
})
afterAll(() => opened.disposeAsync())

interface Ended {
  code: number | null
  output: string
}

/** Runs a program until it ends by itself, or says what is waited for; then it is told to stop. */
function run(program: Program, given: Record<string, string>, until?: RegExp): Promise<Ended> {
  const base = program === 'start' ? { DARKROOM_DATA: join(folder, 'data'), PORT: '0' } : CONFIGURED
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...COMPILE_CACHE, WORKER_TEMP_DIR: join(folder, 'tmp'), ...base, ...given }
  const child = spawn(process.execPath, PROGRAMS[program], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (until?.test(output)) child.kill('SIGTERM')
    })
  }
  return new Promise(resolve => {
    child.once('close', code => resolve({ code, output }))
  })
}

const faults = (lines: string) => lines.split('\n').filter(line => line.startsWith('  - '))

describe('a start that cannot be', () => {
  type Given = () => Promise<Record<string, string>> | Record<string, string>
  const unreachable = CONFIGURED.DATABASE_URL
  const cases: [string, Program, number, Given, RegExp[]][] = [
    [
      'settings that cannot be',
      'start',
      2,
      () => ({ LOCAL_B2_PORT: 'abc', LOG_LEVEL: 'loud', PORT: '99999', CORS_ORIGINS: '*', FFMPEG_PATH: '/nope' }),
      [
        /LOCAL_B2_PORT: expected a number, not "abc"/,
        /LOG_LEVEL: expected one of trace, .*, not "loud"/,
        /PORT: expected at most 65535, not "99999"/,
        /CORS_ORIGINS: expected origins, .* wildcards are not supported/,
        /FFMPEG_PATH: expected a folder with ffmpeg/,
      ],
    ],
    ['a level that is none', 'api', 2, () => ({ LOG_LEVEL: 'loud' }), [/LOG_LEVEL: expected one of trace/]],
    [
      'a folder without ffmpeg',
      'worker',
      2,
      () => ({ DATABASE_URL: database, FFMPEG_PATH: folder }),
      [/FFMPEG_PATH: expected a folder with working ffmpeg and ffprobe/],
    ],
    ['data in a file', 'start', 2, () => aFile('DARKROOM_DATA'), [/DARKROOM_DATA: expected a writable folder/]],
    [
      'data where no folder can be made',
      'start',
      2,
      () => ({ DARKROOM_DATA: '/proc/darkroom' }),
      [/DARKROOM_DATA: expected a writable folder/],
    ],
    [
      'an unreachable DATABASE_URL',
      'start',
      3,
      () => ({ DATABASE_URL: unreachable, START_WAIT_SEC: '1' }),
      [/DATABASE_URL: Postgres at 127\.0\.0\.1:61234 was not available within 1 s \(connect ECONNREFUSED/],
    ],
    [
      'a database that is not there',
      'api',
      2,
      () => ({ DATABASE_URL: withName('nothing_of_that_name') }),
      [/DATABASE_URL: Postgres at .* cannot be used \(database "nothing_of_that_name" does not exist\)/],
    ],
    [
      'a database without a schema',
      'api',
      3,
      () => ({ DATABASE_URL: emptyDatabase, START_WAIT_SEC: '1' }),
      [
        /DATABASE_URL: the schema of this version at .* was not available within 1 s .* Create it with `npx darkroom migrate`/,
      ],
    ],
    [
      'an unreachable REDIS_URL',
      'start',
      3,
      () => ({ DATABASE_URL: database, REDIS_URL: 'redis://:hunter2@127.0.0.1:61234', START_WAIT_SEC: '1' }),
      [/REDIS_URL: Redis at 127\.0\.0\.1:61234 was not available within 1 s \(connect ECONNREFUSED/],
    ],
    [
      'a HOST that is none',
      'start',
      2,
      () => ({ DATABASE_URL: database, HOST: 'no.such.host.invalid' }),
      [/HOST: expected an address/],
    ],
    [
      'temporary files in a file',
      'start',
      2,
      async () => ({ ...(await aFile('WORKER_TEMP_DIR')), DATABASE_URL: database }),
      [/WORKER_TEMP_DIR: expected a folder that can be written/],
    ],
  ]

  it.each(cases)('for %s (%s) ends with code %i and a line', async (_title, program, exitCode, given, expected) => {
    const { code, output } = await run(program, await given())
    expect({ code, output }).toMatchObject({ code: exitCode })
    expect(faults(output)).toEqual(expected.map(line => expect.stringMatching(line)))
    expect(output).not.toMatch(/^\s+at |hunter2/m)
  })

  it.each<Program>(samplesOf(['start', 'api', 'worker'], () => 'all by the same check'))(
    'for a database of an earlier development version (%s) ends with a line',
    async program => {
      const earlier = await createTestDatabase({ template: { name: 'earlier_development', prepare: makeEarlier } })
      opened.defer(earlier.drop)
      const { code, output } = await run(program, { DATABASE_URL: earlier.url })
      expect({ code, output }).toMatchObject({ code: 1 })
      expect(output).toMatch(/^This database was created by an earlier development version of Darkroom .*\n$/m)
      expect(output).not.toMatch(/^\s+at /m)
    },
  )

  it('says which port is taken', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    opened.defer(() => void taken.close())
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { code, output } = await run('api', { DATABASE_URL: database, PORT: String(port) })
    expect(code).toBe(2)
    expect(faults(output)).toEqual([
      `  - PORT: ${port} is already in use on 127.0.0.1; choose another port, or stop the program that uses it`,
    ])
  })
})

describe('a start that waits', () => {
  it('says so at once, and stops when it is told to', async () => {
    const waiting = /^waiting for Postgres at 127\.0\.0\.1:61234, at most 60 s \(connect ECONNREFUSED/m
    for (const program of samplesOf(['worker', 'api', 'start'] as const, () => 'all wait alike')) {
      const { code, output } = await run(program, { DATABASE_URL: CONFIGURED.DATABASE_URL }, waiting)
      expect({ program, code, lines: output.trim().split('\n').length }).toEqual({ program, code: 0, lines: 1 })
    }
  })

  it('goes on without its store, and says so in a line', async () => {
    const fault =
      /^B2_ENDPOINT: the store at http:\/\/127\.0\.0\.1:61234 cannot be used \(.*ECONNREFUSED\)\. Uploads and jobs wait/m
    const { code, output } = await run(
      'api',
      { DATABASE_URL: database, LOG_LEVEL: 'silent', PORT: String(await freePort()) },
      fault,
    )
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(fault) })
  })

  it('does not start while anybody can read the originals', async () => {
    const store = await startLocalB2({
      dataDir: join(folder, 'open-store'),
      buckets: [{ name: 'darkroom', access: 'public' }],
    })
    const { code, output } = await run('api', {
      DATABASE_URL: database,
      B2_ENDPOINT: store.url,
      B2_KEY_ID: 'localkey',
      B2_APPLICATION_KEY: 'localsecret',
      PORT: String(await freePort()),
    })
    await store.close()
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('B2_BUCKET_NAME: anybody can read') })
  })

  it('takes what a power cut left of a lock for no lock', async () => {
    const data = join(folder, 'torn')
    const first = await run('start', {
      DARKROOM_DATA: data,
      START_WAIT_SEC: '0',
      DATABASE_URL: CONFIGURED.DATABASE_URL,
    })
    expect(first.code).toBe(3)
    await writeFile(join(data, 'instance.lock'), '')
    const second = await run('start', {
      DARKROOM_DATA: data,
      START_WAIT_SEC: '0',
      DATABASE_URL: CONFIGURED.DATABASE_URL,
    })
    expect(second).toMatchObject({ code: 3 })
  })
})

async function migrate(url: string): Promise<void> {
  await migrateDatabase(url)
  await migrateQueue({ kind: 'postgres', url })
}

/** A database whose migrations are none of ours. */
async function makeEarlier(url: string): Promise<void> {
  await migrate(url)
  const { db, close } = createDatabase(url, { max: 1 })
  await db.execute('UPDATE darkroom_migrations.__drizzle_migrations SET created_at = 1')
  await close()
}

async function aFile(variable: string): Promise<Record<string, string>> {
  const file = join(folder, variable)
  await writeFile(file, '')
  await chmod(file, 0o600)
  return { [variable]: file }
}

function withName(name: string): string {
  const url = new URL(emptyDatabase)
  url.pathname = `/${name}`
  return url.href
}
