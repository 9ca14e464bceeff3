import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase } from '@darkroom/db/migrate'
import { startLocalB2 } from '@darkroom/local-b2'
import { hasDumpablePostgres, startDumpablePostgres } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { describe, expect, it } from 'vitest'
import { runCommand } from './harness.ts'

const BUCKETS = ['darkroom', 'darkroom-empty'].map(name => ({ name, access: 'private' as const }))

/** A process starts late on a busy machine. */
const PATIENT = { timeout: 30_000 }

async function startInstallation() {
  await using opened = new AsyncDisposableStack()
  const server = await startDumpablePostgres()
  opened.defer(() => server.stop())
  await migrateDatabase(server.url)
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-cli-backup-test-'))
  const b2 = await startLocalB2({ dataDir: join(folder, 'b2'), buckets: BUCKETS })
  opened.defer(() => b2.close())
  const env = {
    DARKROOM_DATA: join(folder, 'data'),
    DATABASE_URL: server.url,
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: 'darkroom',
    B2_REGION: 'local-000',
    B2_ENDPOINT: b2.url,
  }
  const { identity, recipient } = JSON.parse((await runCommand(['backup', 'keygen', '--json'])).out)
  const identityFile = join(folder, 'backup-key.txt')
  await writeFile(identityFile, `# created by a test\n${identity}\n`)
  const owned = opened.move()
  return {
    b2,
    sql: server.sql,
    identityFile,
    url: server.url,
    env: { ...env, BACKUP_RECIPIENT: recipient as string },
    close: () => owned.disposeAsync(),
  }
}

describe.skipIf(!hasDumpablePostgres())('darkroom backup', () => {
  const place = useResource(startInstallation, ({ close }) => close())
  const backup = (args: string[], env: Record<string, string> = {}) =>
    runCommand(['backup', ...args], { ...place.env, ...env })
  const withIdentity = (...args: string[]) => backup([...args, '--identity', place.identityFile])

  it('says that there are none', async () => {
    const elsewhere = await backup(['list'], { BACKUP_BUCKET: 'darkroom-empty' })
    expect(elsewhere).toMatchObject({ code: 0, out: 'There are no backups.' })
  })

  it('backs up, lists, and proves by a drill that every table can be restored', async () => {
    const made = await backup([])
    const [name] = made.out.split(':')
    const listed = await backup(['list'])
    const drill = await withIdentity('drill')

    expect(made).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^\d{8}T\d{9}Z-[0-9a-f]{8}: \d+ rows in \d+ tables, /),
    })
    expect(listed.out).toContain(name)
    expect(drill.out).toMatch(/^public\.projects +1 +1 +same$/m)
    expect(drill.out).toMatch(new RegExp(`Backup ${name} is good: .*all \\d+ tables are the same\\.$`))
    expect(drill).toMatchObject({ code: 0, err: '' })
  })

  it('restores to an empty database, and to no other', async () => {
    const name = `restored_${randomBytes(4).toString('hex')}`
    await place.sql`CREATE DATABASE ${place.sql(name)}`
    const url = place.url.replace(/\/[^/]*$/, `/${name}`)

    const { DATABASE_URL: _, ...withoutDatabase } = place.env
    const restored = await runCommand(
      ['backup', 'restore', '--to', url, '--identity', place.identityFile],
      withoutDatabase,
    )
    const again = await withIdentity('restore', '--to', url)
    const migrated = await runCommand(['migrate'], { ...place.env, DATABASE_URL: url })

    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('npx darkroom migrate') })
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('has tables already') })
    expect(migrated.code).toBe(0)
  })

  it('says what is missing', async () => {
    const noKey = await backup([], { BACKUP_RECIPIENT: '' })
    const noIdentity = await backup(['drill'])
    const noBackup = await withIdentity('drill', '20200101T000000000Z')

    expect(noKey).toMatchObject({ code: 2, err: expect.stringContaining('npx darkroom backup keygen') })
    expect(noIdentity).toMatchObject({ code: 2, err: expect.stringContaining('BACKUP_IDENTITY') })
    expect(noBackup).toMatchObject({ code: 5, err: expect.stringContaining('20200101T000000000Z') })
  })

  it('killed half-way leaves no backup that counts, and only one is made at a time', async () => {
    const before = (await backup(['list'])).out
    // The dump arrives, and the record that makes it count never does.
    place.b2.requests.clear()
    place.b2.faults.set({ match: { method: 'PUT', key: /^backups\/.*json$/ }, kind: 'hang' })
    const main = join(import.meta.dirname, '../src/main.ts')
    const env = { ...place.env, PATH: process.env.PATH }
    const killed = spawn(process.execPath, [main, 'backup'], { env, stdio: 'ignore' })
    const exited = once(killed, 'exit')
    await expect
      .poll(() => place.b2.requests.list().some(({ key }) => /^backups\/.*json$/.test(key ?? '')), PATIENT)
      .toBe(true)
    killed.kill('SIGKILL')
    await exited
    place.b2.faults.clear()

    const meanwhile = await backup([])
    await place.sql`UPDATE task_leases SET open_until = now() - interval '1 second'`
    const listed = await backup(['list'])
    const next = await backup([])

    expect(meanwhile).toMatchObject({ code: 3, err: expect.stringContaining('Another backup is being made') })
    expect(listed.out).toBe(before)
    expect(next.code).toBe(0)
  })
})
