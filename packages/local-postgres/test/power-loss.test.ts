import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireTool } from '@darkroom/testing'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalPostgres } from '../src/index.ts'

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-postgres-power-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }

describe('a Postgres that is not told to be fast and unsafe', () => {
  it('waits for the disk at every commit, as the running server says, whatever its files say', async () => {
    const first = await startLocalPostgres({ dataDir })
    const settings = async (url: string) => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined })
      const rows = await sql`SELECT name, setting FROM pg_settings WHERE name = ANY (${Object.keys(DURABLE)})`
      for (const name of Object.keys(DURABLE)) await sql.unsafe(`ALTER SYSTEM SET ${name} = off`)
      await sql.end()
      return Object.fromEntries(rows.map(row => [row.name, row.setting]))
    }
    expect(await settings(first.url)).toEqual(DURABLE)
    await first.stop()
    const second = await startLocalPostgres({ dataDir })
    expect(await settings(second.url)).toEqual(DURABLE)
    await second.stop()
  })
})

describe.skipIf(!requireTool('strace', 'strace'))('a cluster that was made', () => {
  it('has its name and its password on the disk before it is used', async () => {
    const trace = join(folder, 'trace')
    const script = `
      const { startLocalPostgres } = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))})
      const server = await startLocalPostgres({ dataDir: ${JSON.stringify(dataDir)} })
      await server.stop()`
    const options = [
      '-f',
      '-y',
      '-e',
      'signal=none',
      '-e',
      'trace=rename,renameat,renameat2,fsync,fdatasync',
      '-o',
      trace,
    ]
    const node = [process.execPath, '--input-type=module-typescript', '-e', script]
    const { status, stderr } = spawnSync('strace', [...options, ...node], {
      encoding: 'utf8',
      env: { ...process.env, UV_USE_IO_URING: '0' },
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const calls = (await readFile(trace, 'utf8')).split('\n').flatMap(line => wordsOf(line) ?? [])
    const place = (call: string) => {
      const at = calls.indexOf(call)
      expect(at, `${call} in ${calls.filter(one => one.includes(folder)).join(', ')}`).toBeGreaterThan(-1)
      return at
    }
    const named = place('rename data')
    expect(place('sync data.password.draft')).toBeLessThan(place('rename data.password'))
    const synced = calls.flatMap((call, at) => (call === 'sync .' ? [at] : []))
    expect(synced.some(at => at > place('rename data.password') && at < named)).toBe(true)
    expect(synced.some(at => at > named)).toBe(true)
  })

  /** What a line says of the folder, without its path: `sync <file>` or `rename <to>`; a call of a thread may have two lines. */
  function wordsOf(line: string): string | null {
    const below = (path: string) =>
      path === folder ? '.' : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null
    const [, synced] = /fsync\(\d+<([^>]*)>|fdatasync\(\d+<([^>]*)>/.exec(line) ?? []
    if (synced !== undefined) return below(synced) && `sync ${below(synced)}`
    const [, to] = /rename(?:at2?)?\(.*"([^"]*)"/.exec(line) ?? []
    return to === undefined || below(to) === null ? null : `rename ${below(to)}`
  }
})
