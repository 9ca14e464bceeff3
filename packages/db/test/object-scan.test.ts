import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { scanObjects } from '../src/operations/index.ts'
import { useTestDatabase } from './database.ts'

const test = useTestDatabase()

it('reads every object of a bucket below a prefix once, by the bytes of its key, window after window', async () => {
  const { db } = test.database
  await db.execute(
    sql`INSERT INTO projects (id, name) SELECT gen_random_uuid(), 'scan-' || n FROM generate_series(1, 3) AS n`,
  )
  await db.execute(sql`
    INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size)
    SELECT gen_random_uuid(), projects.id, ${test.presetId}::uuid, 'a.jpg', 'image/jpeg', 1
    FROM projects, generate_series(1, 400) WHERE projects.name LIKE 'scan-%'`)
  await db.execute(sql`
    INSERT INTO objects (id, project_id, asset_id, bucket, key)
    SELECT gen_random_uuid(), project_id, id, bucket, prefix || project_id || '/' || id || '/' || letter
    FROM assets, unnest(ARRAY['variants/', 'originals/']) AS prefix,
      unnest(ARRAY['a', 'B', '_', '-'], ARRAY['public', 'public', 'public', 'private']) AS file (letter, bucket)`)
  const keys: string[] = []
  for await (const { key } of scanObjects(db, { bucket: 'public', prefix: 'variants/' })) keys.push(key)
  expect(keys).toHaveLength(3 * 1200)
  expect(keys.every(key => key.startsWith('variants/') && !key.endsWith('-'))).toBe(true)
  expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
})
