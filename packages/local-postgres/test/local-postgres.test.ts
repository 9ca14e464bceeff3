import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIdentity } from '@darkroom/core/process-identity'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLocalPostgres } from '../src/index.ts'

let folder: string
let dataDir: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-local-postgres-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const start = (options: { port?: number; database?: string } = {}) =>
  startLocalPostgres({ dataDir, durable: false, ...options })

describe('the first start', () => {
  it('starts where there is nothing, in UTC and UTF-8, and leaves no process and no lock', async () => {
    const server = await start()
    const [row] = await query(
      server.url,
      sql => sql`
        SELECT current_database() AS database, current_setting('timezone') AS timezone, lower('ÄÉ') AS lower,
               current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS listens`,
    )
    expect(row).toEqual({ database: 'darkroom', timezone: 'UTC', lower: 'äé', encoding: 'UTF8', listens: '127.0.0.1' })
    await server.stop()
    expect(processIdentity(server.pid)).toBeNull()
    expect((await readdir(folder)).sort()).toEqual(['data', 'data.password'])
  })

  it('lets nobody in without the password, which only its owner can read', async () => {
    const server = await start()
    const url = new URL(server.url)
    url.password = 'wrong'
    await expect(query(url.href, sql => sql`SELECT 1`)).rejects.toThrow(/password authentication failed/)
    expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600)
    await server.stop()
  })

  it('keeps a hash of the password that takes a connection no time', async () => {
    const server = await start()
    const hash = (sql: postgres.Sql) =>
      sql`SELECT left(rolpassword, 16) AS begin FROM pg_authid WHERE rolname = 'darkroom'`
    expect([...(await query(server.url, hash))]).toEqual([{ begin: 'SCRAM-SHA-256$1:' }])
    await server.stop()
  })

  it('makes the named database', async () => {
    const server = await start({ database: 'media_2' })
    expect(await query(server.url, sql => sql`SELECT current_database() AS name`)).toMatchObject([{ name: 'media_2' }])
    await server.stop()
  })

  it('starts over what an interrupted first start left', async () => {
    await mkdir(`${dataDir}.new-AbCdEf/base`, { recursive: true })
    await writeFile(`${dataDir}.password`, 'of the interrupted start', { mode: 0o600 })
    await writeFile(`${dataDir}.lock`, '4194303 1')
    const server = await start()
    await query(server.url, sql => sql`SELECT 1`)
    await server.stop()
    expect((await readdir(folder)).sort()).toEqual(['data', 'data.password'])
  })

  it('starts in an empty folder that is there already', async () => {
    await mkdir(dataDir)
    const server = await start()
    await server.stop()
    expect(await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).toBe('18\n')
  })
})

describe('startLocalPostgres where there are data', () => {
  let made: string
  beforeAll(async () => {
    made = await mkdtemp(join(tmpdir(), 'darkroom-local-postgres-'))
    await (await startLocalPostgres({ dataDir: join(made, 'data'), durable: false })).stop()
  })
  beforeEach(() => cp(made, folder, { recursive: true }))
  afterAll(() => rm(made, { recursive: true, force: true }))

  it('keeps the data over a restart', async () => {
    const first = await start()
    await query(first.url, sql => sql`CREATE TABLE kept AS SELECT 42 AS answer`)
    await first.stop()
    const second = await start()
    expect(await query(second.url, sql => sql`SELECT answer FROM kept`)).toMatchObject([{ answer: 42 }])
    await second.stop()
  })

  it('stops while a client is connected, and twice', async () => {
    const server = await start()
    const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
    await sql`SELECT 1`
    await Promise.all([server.stop(), server.stop()])
    expect(processIdentity(server.pid)).toBeNull()
    await sql.end({ timeout: 0 })
  })

  it('starts again after it was killed, where it was, with what was committed', async () => {
    const said: string[] = []
    const server = await startLocalPostgres({ dataDir, supervise: text => said.push(text) })
    await query(server.url, sql => sql`CREATE TABLE kept AS SELECT 42 AS answer`)
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => said.at(-1), { timeout: 30_000 }).toMatch(/is running again after \d+\.\d s/)
    expect(said[0]).toContain('(killed by SIGKILL)')
    expect(server.pid).not.toBe(pid)
    expect(await query(server.url, sql => sql`SELECT answer FROM kept`)).toMatchObject([{ answer: 42 }])
    await server.stop()
    expect(processIdentity(server.pid)).toBeNull()
  })

  it('starts again after a SIGTERM that was meant for everybody, although clients stay connected', async () => {
    const said: string[] = []
    const server = await startLocalPostgres({ dataDir, durable: false, supervise: text => said.push(text) })
    const client = postgres(server.url, { max: 1, onnotice: () => undefined })
    await client`SELECT 1`
    process.kill(server.pid, 'SIGTERM')
    await expect.poll(() => said.at(-1), { timeout: 30_000 }).toMatch(/is running again after/)
    expect(await query(server.url, sql => sql`SELECT 42 AS answer`)).toMatchObject([{ answer: 42 }])
    await client.end({ timeout: 1 })
    await server.stop()
  })

  it('gives up when it does not come up again, and says why', async () => {
    const said: string[] = []
    const { promise, resolve } = Promise.withResolvers<Error>()
    const server = await startLocalPostgres({
      dataDir,
      durable: false,
      supervise: text => said.push(text),
      onUnexpectedEnd: resolve,
    })
    await writeFile(join(dataDir, 'postgresql.conf'), 'nonsense')
    process.kill(server.pid, 'SIGKILL')
    expect((await promise).message).toMatch(
      /^The embedded Postgres exited 6 times within a minute \(.*postgresql\.conf/s,
    )
    expect(said).toHaveLength(5)
    await server.stop()
  })

  it('is not started again once it was stopped', async () => {
    const said: string[] = []
    const server = await startLocalPostgres({ dataDir, durable: false, supervise: text => said.push(text) })
    process.kill(server.pid, 'SIGKILL')
    await expect.poll(() => said.length).toBe(1)
    await server.stop()
    expect(said).toHaveLength(1)
    expect((await readdir(folder)).sort()).toEqual(['data', 'data.password'])
  })

  it('tells of its end where nobody wants it again', async () => {
    const { promise, resolve } = Promise.withResolvers<Error>()
    const server = await startLocalPostgres({ dataDir, durable: false, onUnexpectedEnd: resolve })
    process.kill(server.pid, 'SIGKILL')
    expect((await promise).message).toBe('The embedded Postgres exited (killed by SIGKILL).')
    await server.stop()
  })

  it('refuses a second start on the same folder and leaves the first alone', async () => {
    const first = await start()
    await expect(start()).rejects.toThrow(/in use by process \d+/)
    await query(first.url, sql => sql`SELECT 1`)
    await first.stop()
  })

  it('says that the port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => holder.once('listening', resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken.`)
    holder.close()
    expect(existsSync(`${dataDir}.lock`)).toBe(false)
  })

  it('starts over a postmaster.pid whose number belongs to somebody else now', async () => {
    await writeFile(join(dataDir, 'postmaster.pid'), `${process.ppid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n`)
    const server = await start()
    await server.stop()
    expect(processIdentity(process.ppid)).not.toBeNull()
  })

  it.each([
    ['was made by Postgres 17, this is 18', async () => writeFile(join(dataDir, 'PG_VERSION'), '17\n')],
    ['is not a Postgres data folder', async () => rm(join(dataDir, 'PG_VERSION'))],
    ['data.password is missing', async () => rm(`${dataDir}.password`)],
  ])('refuses to start when the folder %s', async (message, damage) => {
    await damage()
    await expect(start()).rejects.toThrow(message)
    expect(existsSync(`${dataDir}.lock`)).toBe(false)
  })
})
