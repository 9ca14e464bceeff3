import { LOCAL_KEY, QUEUE_NAMES } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { registerWorker } from '@darkroom/db/jobs'
import { insertProject } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { call, createKey, createUpload, startTestApi, type TestApi } from '../harness.ts'
import type { Document } from './document.ts'
import { plant } from './plant.ts'
import { type Owner, Pool } from './pool.ts'
import type { Actor, World } from './world.ts'

const EVENT_SECRET = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'

/** Of the other project less is used up. */
const OTHER_EVERY = 5

/** An API in local mode that listens, with two projects in it. */
export interface Setting {
  url: string
  world: World
  /** Puts back what requests took away: the keys and limits of who asks, and things to ask for. */
  tend(round: number): Promise<void>
  close(): Promise<void>
}

export async function openSetting(): Promise<Setting> {
  const api = await startTestApi()
  const app = await api.variant({ settings: { mode: 'local', eventSecret: EVENT_SECRET } })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const other = await ofOtherProject(api)
  const keys = await actorsOf(api, other)
  const pool = new Pool([api.projectId, other.projectId, ...(await keyIds(api))])
  for (const { id } of await spareProjects(api)) pool.add('own', 'projects', [id])
  pool.add('own', 'presets', ['default', '1'])
  const { db } = api.deps.database
  await registerWorker(db, WORKER)
  const document = (await call(app, 'GET', '/openapi.json')).json<Document>()
  return {
    url,
    world: { document, actors: keys, pool, projectId: api.projectId, eventSecret: EVENT_SECRET },
    async tend(round) {
      await restore(api, other)
      await plant(api, pool, 'own')
      if (round % OTHER_EVERY === 0) await plant(other, pool, 'other')
    },
    close: () => api.close(),
  }
}

const WORKER = {
  id: newId(),
  host: 'fuzz',
  version: '0.0.0',
  queues: [...QUEUE_NAMES],
  lacks: [],
  engines: { sharp: '0', libvips: '0', ffmpeg: null },
  slots: 2,
}

async function ofOtherProject(api: TestApi): Promise<TestApi> {
  const { key, projectId } = await createKey(api.deps, { project: 'other' })
  return { ...api, key, projectId, call: (method, url, options) => call(api.app, method, url, { key, ...options }) }
}

async function actorsOf(api: TestApi, other: TestApi): Promise<Actor[]> {
  const bearer = (name: string, key: string, owner: Owner, weight: number, isOperator = false): Actor => ({
    name,
    owner,
    weight,
    isOperator,
    authorization: `Bearer ${key}`,
  })
  const scoped = ['upload', 'read', 'write', 'admin'].map(async scope =>
    bearer(`scope ${scope}`, (await createKey(api.deps, { scopes: [scope] })).key, 'own', 1),
  )
  const operator = await createKey(api.deps, { project: null })
  const { clientToken } = await createUpload(api)
  const nobody = { owner: null, isOperator: false, weight: 1 }
  return [
    bearer('local', LOCAL_KEY, 'own', 12, true),
    bearer('every scope', api.key, 'own', 2),
    bearer('operator', operator.key, 'own', 1, true),
    bearer('other project', other.key, 'other', 1),
    bearer('client token', clientToken, 'own', 1),
    ...(await Promise.all(scoped)),
    { name: 'no key', authorization: null, ...nobody },
    { name: 'junk', authorization: 'Bearer dk_abcdefgh_junk', ...nobody },
    { name: 'broken token', authorization: `Bearer ${clientToken.slice(0, -2)}xx`, ...nobody },
    { name: 'no bearer', authorization: 'Basic ZGs6eA==', ...nobody },
  ]
}

async function keyIds({ deps }: TestApi): Promise<string[]> {
  const rows = await deps.database.db.execute<{ id: string }>(sql`SELECT id FROM api_keys`)
  return rows.map(({ id }) => id)
}

const spareProjects = ({ deps }: TestApi) =>
  Promise.all(['spare-a', 'spare-b'].map(name => insertProject(deps.database.db, { name })))

async function restore({ deps, projectId }: TestApi, other: TestApi): Promise<void> {
  const { db } = deps.database
  await db.execute(sql`UPDATE queue_states SET paused_at = NULL, paused_by = NULL, reason = NULL`)
  // Or no upload could declare the few contents that there are.
  await db.execute(sql`UPDATE takedowns SET sha256 = NULL`)
  await db.execute(sql`UPDATE workers SET seen_at = now() + interval '1 hour' WHERE host = 'fuzz'`)
  await db.execute(
    sql`UPDATE api_keys SET revoked_at = NULL, expires_at = NULL WHERE name = 'test' AND (project_id IS NULL OR project_id IN (${projectId}, ${other.projectId}))`,
  )
  await db.execute(
    sql`UPDATE projects SET allowed_types = NULL, max_upload_bytes = NULL, quota_bytes = NULL, requests_per_minute = NULL,
      max_open_uploads = NULL, default_preset = NULL, browser_origins = '{}' WHERE id IN (${projectId}, ${other.projectId})`,
  )
}
