import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import type { DarkroomClient } from '../darkroom/contract.ts'
import { inParallel, lanes } from '../measure/in-parallel.ts'
import type { Photo } from '../photos/photo.ts'

const SENDERS = 8

/** Confirms real uploads of the photo, whose jobs run while we measure. */
export async function confirmReal(client: DarkroomClient, photo: Photo, count: number): Promise<void> {
  const bytes = new Uint8Array(await readFile(photo.file))
  await inParallel(Array.from({ length: count }), lanes(SENDERS), async () =>
    client.confirm(await client.send(photo, bytes)),
  )
}

/**
 * Copies of the rows of a waiting job, later in the queue than every real one, so that none of them is reached while we
 * measure: to whatever chooses the next job they are no different.
 */
export async function cloneJobs(databaseUrl: string, project: string, count: number): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  try {
    await sql`
      WITH model AS (
        SELECT assets.* FROM assets JOIN projects ON projects.id = assets.project_id
        WHERE projects.name = ${project} AND assets.status = 'processing' LIMIT 1
      ), cloned AS (
        INSERT INTO assets (id, project_id, preset_id, status, generation, kind, filename, content_type, byte_size, confirmed_at)
        SELECT gen_random_uuid(), project_id, preset_id, status, generation, kind, filename, content_type, byte_size, now()
        FROM model, generate_series(1, ${count}) RETURNING id, project_id, generation
      )
      INSERT INTO jobs (id, project_id, asset_id, generation, name, queue, lane, available_at)
      SELECT gen_random_uuid(), project_id, id, generation, 'asset.process', 'image', 'interactive', now() FROM cloned`
    await sql`ANALYZE jobs`
    const [row] = await sql`SELECT count(*)::int AS waiting FROM jobs WHERE status = 'queued'`
    return Number(row?.waiting)
  } finally {
    await sql.end()
  }
}
