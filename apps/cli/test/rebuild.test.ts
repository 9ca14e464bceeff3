import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { startLocalB2 } from '@darkroom/local-b2'
import { createS3Store, manifestKey } from '@darkroom/storage'
import { createTestDatabase } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runCommand } from './harness.ts'

const BUCKET = 'darkroom'
const PROJECT = '00000000-0000-7000-8000-00000000000a'
const PRESET = '00000000-0000-7000-8000-00000000000b'
const ASSET = '00000000-0000-7000-8000-00000000000c'
const ORIGINAL = '00000000-0000-7000-8000-00000000000d'
const owner = { project_id: PROJECT, asset_id: ASSET }
const key = `originals/${PROJECT}/${ASSET}/AAAAAAAAAAAAAAAAAAAAAA`

/** As a worker of some version wrote it: columns that came later are not in it, and one that went is. */
const MANIFEST = {
  format: 1,
  writtenAt: '2026-11-23T15:00:00.000Z',
  engines: { sharp: '0.35.0' },
  rows: {
    project: { id: PROJECT, name: 'default', gone: 'column' },
    preset: { id: PRESET, project_id: null, name: 'default', version: 1, definition: { outputs: [] } },
    asset: {
      id: ASSET,
      project_id: PROJECT,
      preset_id: PRESET,
      original_object_id: ORIGINAL,
      revision: 3,
      filename: 'cat.jpg',
      content_type: 'image/jpeg',
      byte_size: 4,
      status: 'ready',
      tags: ['cat'],
    },
    uploads: [],
    objects: [{ ...owner, id: ORIGINAL, bucket: BUCKET, key, state: 'live', sha256: 'a'.repeat(64) }],
    variants: [],
  },
}

const SHOP = '00000000-0000-7000-8000-000000000001'
const POSTER = '00000000-0000-7000-8000-000000000002'

/** Of a project and a preset that no new database has. */
const OTHER = {
  ...MANIFEST,
  rows: {
    project: { id: SHOP, name: 'shop' },
    preset: { id: POSTER, project_id: SHOP, name: 'poster', version: 1, definition: { outputs: [] } },
    asset: {
      ...MANIFEST.rows.asset,
      id: '00000000-0000-7000-8000-000000000003',
      project_id: SHOP,
      preset_id: POSTER,
      original_object_id: null,
      tags: [],
    },
    uploads: [],
    objects: [],
    variants: [],
  },
}

async function startInstallation() {
  await using opened = new AsyncDisposableStack()
  const template = { name: 'darkroom_migrated', prepare: (url: string) => migrateDatabase(url) }
  const { url, drop } = await createTestDatabase({ template })
  opened.defer(drop)
  const database = createDatabase(url, { max: 1 })
  opened.defer(() => database.close())
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-cli-rebuild-test-'))
  const b2 = await startLocalB2({ dataDir: join(folder, 'b2'), buckets: [{ name: BUCKET, access: 'private' }] })
  opened.defer(() => b2.close())
  const keys = { keyId: 'localkey', applicationKey: 'localsecret' }
  const store = createS3Store({ endpoint: b2.url, region: 'local-000', ...keys })
  opened.defer(() => store.close())
  const env = {
    DARKROOM_DATA: join(folder, 'data'),
    DATABASE_URL: url,
    B2_KEY_ID: keys.keyId,
    B2_APPLICATION_KEY: keys.applicationKey,
    B2_BUCKET_NAME: BUCKET,
    B2_REGION: 'local-000',
    B2_ENDPOINT: b2.url,
  }
  const owned = opened.move()
  return { database, store, env, close: () => owned.disposeAsync() }
}

describe('a database that was lost', () => {
  const place = useResource(startInstallation, ({ close }) => close())
  const run = (...args: string[]) => runCommand(args, place.env)
  const put = (bytes: string, target: string) =>
    place.store.put({
      bucket: BUCKET,
      key: target,
      body: Buffer.from(bytes),
      byteSize: bytes.length,
      contentType: 'application/json',
    })

  it('is rebuilt from the bucket, and goes on after it was interrupted', async () => {
    // The manifest of another project was read, and then it ended: the database got a default project of its own again.
    await put(JSON.stringify(OTHER), manifestKey(OTHER.rows.project.id, OTHER.rows.asset.id, 1))
    expect(await run('rebuild', '--from-bucket')).toMatchObject({ code: 0, err: '' })
    await put(JSON.stringify(MANIFEST), manifestKey(PROJECT, ASSET, 3))

    const first = await run('rebuild', '--from-bucket')
    const again = await run('rebuild', '--from-bucket')

    expect(first).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^Rebuilt 1 asset from 2 manifests in .*; 1 were there already\./),
    })
    expect(again.out).toMatch(/^Rebuilt 0 assets from 2 manifests in .*; 2 were there already\./)
    const rows = await place.database.db.execute(sql`
      SELECT assets.id, filename, tag, projects.name, projects.id AS project FROM assets
      JOIN asset_tags ON asset_id = assets.id JOIN projects ON projects.id = assets.project_id`)
    expect([...rows]).toEqual([{ id: ASSET, filename: 'cat.jpg', tag: 'cat', name: 'default', project: PROJECT }])
  })

  it('has its files verified, and those that are wrong named', async () => {
    const missing = await run('verify', '--all')
    await put('cats', key)
    const different = await run('verify')

    expect(missing).toMatchObject({
      code: 1,
      out: expect.stringContaining(`MISSING    ${BUCKET}/${key} of asset ${ASSET}`),
    })
    expect(different).toMatchObject({ code: 1, out: expect.stringContaining('DIFFERENT') })
    expect(different.out).toContain('Verified 3 files: 1 wrong.')
  })

  it('is not rebuilt by mistake', async () => {
    expect(await run('rebuild')).toMatchObject({ code: 2, err: expect.stringContaining('--from-bucket') })
  })
})
