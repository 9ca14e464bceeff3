import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { startLocalB2 } from '@darkroom/local-b2'
import { createS3Store } from '@darkroom/storage'
import { createTestDatabase } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { expect, it, onTestFinished } from 'vitest'
import { runCommand } from './harness.ts'

const BUCKETS = ['darkroom', 'old-photos']
const READER = { keyId: 'readerkey', applicationKey: 'readersecret' }

async function startInstallation() {
  await using opened = new AsyncDisposableStack()
  const template = { name: 'darkroom_migrated', prepare: (url: string) => migrateDatabase(url) }
  const { url, drop } = await createTestDatabase({ template })
  opened.defer(drop)
  const database = createDatabase(url, { max: 1 })
  opened.defer(() => database.close())
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-cli-import-test-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const own = { keyId: 'ownkey', applicationKey: 'ownsecret' }
  const b2 = await startLocalB2({
    dataDir: join(folder, 'b2'),
    keys: [
      { ...own, buckets: ['darkroom'] },
      { ...READER, buckets: ['old-photos'], capabilities: ['listFiles', 'readFiles'] },
      { keyId: 'localkey', applicationKey: 'localsecret' },
    ],
    buckets: BUCKETS.map(name => ({ name, access: 'private' as const })),
  })
  opened.defer(() => b2.close())
  const all = { keyId: 'localkey', applicationKey: 'localsecret' }
  const store = createS3Store({ endpoint: b2.url, region: 'local-000', ...all })
  opened.defer(() => store.close())
  const env = {
    DARKROOM_DATA: join(folder, 'data'),
    DATABASE_URL: url,
    B2_KEY_ID: own.keyId,
    B2_APPLICATION_KEY: own.applicationKey,
    B2_BUCKET_NAME: 'darkroom',
    B2_REGION: 'local-000',
    B2_ENDPOINT: b2.url,
  }
  const owned = opened.move()
  return { database, store, b2, env, close: () => owned.disposeAsync() }
}

const place = useResource(startInstallation, ({ close }) => close())
const run = (args: string[], env: Record<string, string> = {}) =>
  runCommand(['import', '--bucket', 'old-photos', ...args], { ...place.env, ...env })
const WITH_KEY = ['--key-id', READER.keyId]
const SECRET = { SOURCE_APPLICATION_KEY: READER.applicationKey }
const assets = async () => [
  ...(await place.database.db.execute(
    sql`SELECT folder, filename, external_id, tags[1] AS tag FROM assets ORDER BY filename`,
  )),
]

it('surveys a bucket, imports it with a key that can only read it, and names what failed', async () => {
  for (const [key, contentType] of [
    ['2019/a.jpg', 'image/jpeg'],
    ['2019/page.html', 'text/html'],
  ] as const)
    await place.store.put({ bucket: 'old-photos', key, body: Buffer.from('four'), byteSize: 4, contentType })

  const forbidden = await run(['--dry-run'])
  expect(forbidden).toMatchObject({ code: 4, err: expect.stringContaining('--key-id') })
  const survey = await run([...WITH_KEY, '--dry-run'], SECRET)
  expect(survey).toMatchObject({ code: 0, err: '' })
  expect(survey.out).toMatch(/image +1 +4 B/)
  expect(survey.out).toContain('Nothing was imported.')
  expect(await assets()).toEqual([])

  const first = await run(
    [...WITH_KEY, '--prefix', '2019/', '--folder', 'old', '--tag', 'moved', '--external-id'],
    SECRET,
  )
  expect(first).toMatchObject({ code: 8, out: '1 object imported, 4 B, 1 failed.' })
  expect(first.err).toMatch(/^UNSUPPORTED_TYPE {2}2019\/page\.html {2}/m)
  expect(await assets()).toEqual([{ folder: 'old', filename: 'a.jpg', external_id: '2019/a.jpg', tag: 'moved' }])

  await place.store.deleteAll({ bucket: 'old-photos', key: '2019/page.html' })
  const again = await run([...WITH_KEY, '--prefix', '2019/', '--json'], SECRET)
  expect(again).toMatchObject({ code: 0, err: '', out: '{"outcome":"skipped","key":"2019/page.html"}' })
})

it('refuses the files of this installation under another name of its store, and takes a bucket of that name elsewhere', async () => {
  const args = ['--bucket', 'darkroom', '--region', 'local-000', '--key-id', 'localkey', '--dry-run']
  const secret = { SOURCE_APPLICATION_KEY: 'localsecret' }
  const same = place.b2.url.replace('127.0.0.1', 'localhost')
  expect(await run([...args, '--endpoint', same], secret)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/darkroom is a bucket of this installation/),
  })
  const keys: string[] = []
  for await (const { key } of place.store.listVersions({ bucket: 'darkroom', prefix: '' })) keys.push(key)
  expect(keys.filter(key => key.includes('import-check'))).toEqual([])
  const elsewhere = await startOtherStore()
  onTestFinished(() => elsewhere.close())
  const survey = await run([...args, '--endpoint', elsewhere.url], secret)
  expect([survey.code, survey.err]).toEqual([0, ''])
})

async function startOtherStore() {
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-cli-other-store-'))
  const keys = [{ keyId: 'localkey', applicationKey: 'localsecret' }]
  const b2 = await startLocalB2({ dataDir, keys, buckets: [{ name: 'darkroom', access: 'private' }] })
  const close = async () => {
    await b2.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { url: b2.url, close }
}

it.each([
  ['a secret that is not there', WITH_KEY, /SOURCE_APPLICATION_KEY/],
  ['the files of this installation', ['--bucket', 'darkroom', '--prefix', 'orig'], /bucket of this installation/],
  ['another store without a key of it', ['--endpoint', 'https://s3.example.com'], /--key-id is missing/],
  ['a folder that cannot be', ['--folder', '../x'], /none of them/],
])('refuses %s', async (_, args, said) => {
  expect(await run(args)).toMatchObject({ code: 2, err: expect.stringMatching(said) })
})
