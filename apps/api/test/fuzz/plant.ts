import { newId } from '@darkroom/core'
import { variantFiles } from '@darkroom/db/assets'
import { raiseAlarm } from '@darkroom/db/operations'
import { sql } from 'drizzle-orm'
import { issueViewToken } from '../../src/auth/view-token.ts'
import { fileNameOf } from '../../src/views/view.ts'
import { confirmedUpload, createUpload, deliveredUpload, readyAsset, type TestApi } from '../harness.ts'
import type { Owner, Pool } from './pool.ts'

type Plant = (api: TestApi, add: (kind: string, ...ids: string[]) => void) => Promise<void>

const execute = ({ deps }: TestApi, query: ReturnType<typeof sql>) => deps.database.db.execute(query)

const viewOf = ({ deps, projectId }: TestApi, assetId: string): string =>
  issueViewToken({ assetId, projectId, expiresAt: Math.floor(Date.now() / 1000) + VIEW_SEC }, deps.settings.secret)

/** As long as the longest run. */
const VIEW_SEC = 3600

async function filesOf({ deps }: TestApi, assetId: string): Promise<string[]> {
  const variants = await variantFiles(deps.database.db, assetId)
  return variants.flatMap(({ name, object }) => (object ? [fileNameOf({ name, key: object.key })] : []))
}

/** Something in each state that there is. Requests use it up, so it is done again and again. */
const PLANTS: Plant[] = [
  async function readyAndShared(api, add) {
    const { asset, job } = await readyAsset(api)
    add('assets', asset.id)
    add('jobs', job.id)
    const answer = await api.call('POST', `/v1/assets/${asset.id}/shares`, { body: {} })
    const { id, url } = answer.json<{ id: string; url: string }>()
    add('shares', asset.id, id)
    add('s', url.split('/s/')[1] ?? '')
    for (const file of await filesOf(api, asset.id)) add('v', viewOf(api, asset.id), file)
  },
  async function ready(api, add) {
    add('assets', (await readyAsset(api, { folder: '2026/summer', tags: ['summer'] })).asset.id)
  },
  async function processing(api, add) {
    const { asset, job, created } = await confirmedUpload(api)
    add('assets', asset.id)
    add('jobs', job.id)
    add('uploads', created.upload.id)
  },
  async function failed(api, add) {
    const { asset, job } = await confirmedUpload(api)
    const error = { code: 'CORRUPT_FILE', message: 'The file is damaged.', retryable: false }
    await execute(
      api,
      sql`UPDATE jobs SET status = 'failed', finished_at = now(), error = ${JSON.stringify(error)}::jsonb WHERE id = ${job.id}`,
    )
    await execute(
      api,
      sql`UPDATE assets SET status = 'failed', error = ${JSON.stringify(error)}::jsonb WHERE id = ${asset.id}`,
    )
    add('assets', asset.id)
    add('jobs', job.id)
  },
  async function awaitingBytes(api, add) {
    const created = await createUpload(api)
    add('uploads', created.upload.id)
    add('assets', created.asset.id)
  },
  async function awaitingParts(api, add) {
    add('uploads', (await createUpload(api, { multipart: true })).upload.id)
  },
  async function delivered(api, add) {
    add('uploads', (await deliveredUpload(api)).upload.id)
  },
  async function expired(api, add) {
    const { asset, upload } = await createUpload(api)
    await execute(api, sql`UPDATE uploads SET expires_at = now() WHERE id = ${upload.id}`)
    await execute(api, sql`UPDATE assets SET status = 'expired' WHERE id = ${asset.id}`)
    add('uploads', upload.id)
    add('assets', asset.id)
  },
  async function deleted(api, add) {
    const { asset } = await confirmedUpload(api)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    const later = await confirmedUpload(api)
    await api.call('DELETE', `/v1/assets/${later.asset.id}`)
    await execute(api, sql`UPDATE assets SET status = 'deleted', purged_at = now() WHERE id = ${later.asset.id}`)
    for (const { id } of [asset, later.asset]) add('assets', id)
  },
  async function webhook(api, add) {
    const [oldest] = await api.deps.database.db.execute<{ id: string; count: number }>(
      sql`SELECT id, count(*) OVER ()::int AS count FROM webhook_endpoints WHERE project_id = ${api.projectId} ORDER BY id LIMIT 1`,
    )
    if (oldest && oldest.count > 7) await api.call('DELETE', `/v1/webhooks/${oldest.id}`)
    const made = await api.call('POST', '/v1/webhooks', { body: { url: 'https://example.com/hook' } })
    const { id } = made.json<{ id: string }>()
    const sent = await api.call('POST', `/v1/webhooks/${id}/test`)
    add('webhooks', id)
    add('deliveries', id, sent.json<{ id: string }>().id)
  },
  async function preset(api, add) {
    const name = `own-${newId().slice(-6)}`
    const definition = { image: { variants: [{ name: 'thumb', width: 256, format: 'webp' }] } }
    await api.call('POST', '/v1/presets', { body: { name, definition } })
    add('presets', name, '1')
  },
  async function backfill(api, add) {
    await execute(
      api,
      sql`UPDATE backfills SET status = 'cancelled', finished_at = now() WHERE project_id = ${api.projectId} AND status IN ('running', 'paused')`,
    )
    const answer = await api.call('POST', '/v1/presets/default/apply', { body: { version: 1 } })
    const { id } = answer.json<{ backfill: { id: string } }>().backfill
    add('backfills', id)
    // There is only one at a time: every other time somebody else can make it.
    if (/[0-7]$/.test(id)) await api.call('POST', `/v1/backfills/${id}/cancel`)
  },
  async function quarantined(api, add) {
    const sha256 = newId().replaceAll('-', '').padEnd(64, '0')
    const answer = await api.call('POST', '/v1/admin/quarantine', { body: { sha256, reason: 'a case' } })
    add('quarantine', answer.json<{ id: string }>().id)
  },
  async function key(api, add) {
    const answer = await api.call('POST', '/v1/keys', { body: { name: 'spare', scopes: ['read'] } })
    add('keys', answer.json<{ id: string }>().id)
  },
  async function ofInstallation(api, add) {
    await raiseAlarm(api.deps.database.db, { code: 'CLOCK_SKEW', subject: newId(), message: 'late' })
    const rows = await api.deps.database.db.execute<{ id: string }>(
      sql`SELECT id FROM alarms WHERE cleared_at IS NULL ORDER BY id DESC LIMIT 3`,
    )
    for (const { id } of rows) add('alarms', id)
    for (const name of ['image', 'video', 'all']) add('queues', name)
  },
]

/** Grows what requests will name, for one project. */
export async function plant(api: TestApi, pool: Pool, owner: Owner): Promise<void> {
  for (const one of [...PLANTS, ...PLANTS.slice(0, 2)]) await one(api, (kind, ...ids) => pool.add(owner, kind, ids))
}
