import { randomUUID } from 'node:crypto'
import type { Asset, Explanation, Job, Problem } from '@darkroom/contracts'
import { authCachesExpired, changeProject, type ProjectChange } from '@darkroom/db/projects'
import { parseAllowList } from '@darkroom/outbound'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { call, createKey, createUpload, newUpload, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
beforeEach(() => limit({ allowedTypes: null, quotaBytes: null, maxOpenUploads: null, defaultPreset: null }))

const SECRET = 'X-Amz-Signature=f00dcafe'
const URL_OF_FILE = `https://media.example/2026/sch%C3%B6n.jpg?${SECRET}#top`
interface Started {
  asset: Asset
  job: Job
}

async function limit(change: ProjectChange): Promise<void> {
  await changeProject(api.deps.database.db, api.projectId, change)
  await authCachesExpired()
}
const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
const ask = (body: object, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/imports', { body: { url: URL_OF_FILE, ...body }, headers })
const started = async (body: object = {}): Promise<Started> => {
  const answer = await ask(body)
  if (answer.statusCode !== 202) throw new Error(`not begun: ${answer.body}`)
  return answer.json<Started>()
}
const countOf = async (externalId: string) =>
  (await execute(sql`SELECT count(*)::int AS n FROM assets WHERE external_id = ${externalId}`))[0]?.n

describe('POST /v1/imports', () => {
  it('answers an asset that is being worked on, and the job that fetches it', async () => {
    const more = { externalId: 'i-1', folder: '2026', tags: ['sea'], metadata: { a: 1 } }
    const answer = await ask(more)
    expect(answer.statusCode).toBe(202)
    const { asset, job } = answer.json<Started>()
    expect(asset).toMatchObject({
      ...more,
      status: 'processing',
      filename: 'schön.jpg',
      kind: null,
      sha256: null,
      byteSize: 0,
      progress: 0,
      contentType: 'application/octet-stream',
      confirmedAt: null,
      expiresAt: null,
      error: null,
      job: { id: job.id, status: 'queued' },
    })
    expect(job).toMatchObject({ assetId: asset.id, name: 'asset.import', lane: 'interactive', attempt: 0 })
    expect(answer.headers.location).toBe(`/v1/jobs/${job.id}`)
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>()).toEqual(asset)
    expect((await api.call('GET', `/v1/jobs/${job.id}`)).json<Job>()).toEqual(job)
  })

  it('keeps what the URL is signed with for the worker, and shows it to nobody', async () => {
    const { asset, job } = await started()
    const explained = await api.call('GET', `/v1/admin/assets/${asset.id}/explain`)
    for (const url of [`/v1/assets/${asset.id}`, `/v1/jobs/${job.id}`, '/v1/events', '/v1/admin/jobs'])
      expect((await api.call('GET', url)).body).not.toContain('f00dcafe')
    expect(explained.body).not.toContain('f00dcafe')
    const { timeline, job: explainedJob } = explained.json<Explanation>()
    expect(timeline[0]).toMatchObject({
      what: 'import requested',
      detail: 'from https://media.example/2026/sch%C3%B6n.jpg',
    })
    expect(explainedJob).toMatchObject({ name: 'asset.import', queue: 'import' })
    const [row] = await execute(sql`SELECT url FROM imports WHERE asset_id = ${asset.id}`)
    expect(row?.url).toBe(URL_OF_FILE.replace('#top', ''))
  })

  it.each([
    ['the name that is given', { filename: '../a.png' }, 'a.png'],
    ['the last part of the path', { url: 'https://media.example/a/b.gif?c=d.png' }, 'b.gif'],
    ['something, where there is none', { url: 'https://media.example/' }, 'file'],
  ])('names the asset by %s', async (_, body, filename) => {
    expect((await started(body)).asset.filename).toBe(filename)
  })

  it('takes the type that is given, under its standard name', async () => {
    expect((await started({ contentType: 'image/jpg' })).asset.contentType).toBe('image/jpeg')
  })

  it('makes it by the preset that is named, else by that of the project', async () => {
    expect((await started({ preset: 'default@1' })).asset.preset).toEqual({ name: 'default', version: 1 })
    await limit({ defaultPreset: 'default@1' })
    expect((await started()).asset.preset).toEqual({ name: 'default', version: 1 })
  })

  it('can be listed, deleted and then answers 410', async () => {
    const { asset } = await started()
    expect((await api.call('GET', '/v1/assets?status=processing')).body).toContain(asset.id)
    expect((await api.call('DELETE', `/v1/assets/${asset.id}`)).statusCode).toBe(202)
    const [row] = await execute(sql`SELECT url FROM imports WHERE asset_id = ${asset.id}`)
    expect(row?.url).toBeNull()
    const jobs = await execute(sql`SELECT name, status FROM jobs WHERE asset_id = ${asset.id} ORDER BY id`)
    expect([...jobs]).toEqual([
      { name: 'asset.import', status: 'cancelled' },
      { name: 'asset.delete', status: 'queued' },
    ])
    await execute(sql`UPDATE assets SET purged_at = now() WHERE id = ${asset.id}`)
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}`))).toBe('410 ASSET_DELETED')
  })

  it('is nobody else’s', async () => {
    const { asset, job } = await started()
    const { key } = await createKey(api.deps, { project: 'stranger' })
    for (const url of [`/v1/assets/${asset.id}`, `/v1/jobs/${job.id}`, `/v1/admin/assets/${asset.id}/explain`])
      expect(problemOf(await api.call('GET', url, { key }))).toBe('404 NOT_FOUND')
    expect(problemOf(await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`, { key }))).toBe('404 NOT_FOUND')
  })
})

describe('an import is refused', () => {
  it.each([
    ['inside', 'http://169.254.169.254/latest/meta-data', '422 URL_NOT_ALLOWED'],
    ['on this machine', 'http://127.1/a.jpg', '422 URL_NOT_ALLOWED'],
    ['on this machine, by IPv6', 'http://[::ffff:127.0.0.1]/a.jpg', '422 URL_NOT_ALLOWED'],
    ['of a local name', 'http://localhost./a.jpg', '422 URL_NOT_ALLOWED'],
    ['with a password', 'https://a:b@media.example/a.jpg', '422 URL_NOT_ALLOWED'],
    ['behind a name that looks public', 'http://public.example@127.0.0.1/', '422 URL_NOT_ALLOWED'],
    ['on another port', 'https://media.example:8443/a.jpg', '422 URL_NOT_ALLOWED'],
    ['of another scheme', 'file:///etc/passwd', '422 URL_NOT_ALLOWED'],
    ['that is none', 'media.example/a.jpg', '422 URL_NOT_ALLOWED'],
    ['that is empty', '', '400 INVALID_REQUEST'],
    ['that is too long', `https://media.example/${'a'.repeat(8200)}`, '400 INVALID_REQUEST'],
    ['with what no text may have', 'https://media.example/\0', '400 INVALID_REQUEST'],
  ])('of a URL %s', async (_, url, expected) => {
    expect(problemOf(await ask({ url }))).toBe(expected)
  })

  it.each([
    ['of a type that nobody takes', { contentType: 'text/html' }, '415 UNSUPPORTED_TYPE'],
    ['of an SVG', { contentType: 'image/svg+xml' }, '415 UNSUPPORTED_TYPE'],
    ['by a preset that is not there', { preset: 'nothing' }, '400 INVALID_REQUEST'],
    ['by a preset that cannot be', { preset: 'a@b@c' }, '400 INVALID_REQUEST'],
    ['with too many tags', { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }, '400 INVALID_REQUEST'],
  ])('%s', async (_, body, expected) => {
    expect(problemOf(await ask(body))).toBe(expected)
  })

  it('for a type that the project does not take', async () => {
    await limit({ allowedTypes: ['image/png'] })
    expect(problemOf(await ask({ contentType: 'image/jpeg' }))).toBe('415 UNSUPPORTED_TYPE')
  })

  it('for an external id that is taken, also by an upload', async () => {
    await createUpload(api, { externalId: 'taken' })
    expect(problemOf(await ask({ externalId: 'taken' }))).toBe('409 EXTERNAL_ID_TAKEN')
    await started({ externalId: 'taken-too' })
    const upload = await api.call('POST', '/v1/uploads', { body: newUpload({ externalId: 'taken-too' }) })
    expect(problemOf(upload)).toBe('409 EXTERNAL_ID_TAKEN')
  })

  it('by a project that has no room for a byte', async () => {
    await limit({ quotaBytes: 1 })
    await createUpload(api, { byteSize: 1 }).catch(() => undefined)
    expect(problemOf(await ask({}))).toBe('422 QUOTA_EXCEEDED')
  })

  it('by a project that has as much open as it may, uploads and imports together', async () => {
    const [row] = await execute(sql`SELECT
      (SELECT count(*) FROM uploads WHERE confirmed_at IS NULL AND aborted_at IS NULL AND project_id = ${api.projectId}) +
      (SELECT count(*) FROM jobs WHERE name = 'asset.import' AND status = 'queued' AND project_id = ${api.projectId}) AS n`)
    await limit({ maxOpenUploads: Number(row?.n) + 1 })
    const { job } = await started()
    const refused = await ask({})
    expect(problemOf(refused)).toBe('429 RATE_LIMITED')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(problemOf(await api.call('POST', '/v1/uploads', { body: newUpload() }))).toBe('429 RATE_LIMITED')
    await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`)
    expect((await ask({})).statusCode).toBe(202)
  })

  it('unless the operator has allowed its host', async () => {
    const settings = { outboundAllow: parseAllowList(['nas.internal:8080']) }
    const app = await api.variant({ settings })
    const post = (url: string) => call(app, 'POST', '/v1/imports', { key: api.key, body: { url } })
    expect((await post('http://nas.internal:8080/a.jpg')).statusCode).toBe(202)
    expect(problemOf(await post('http://nas.internal/a.jpg'))).toBe('422 URL_NOT_ALLOWED')
  })
})

describe('the same import', () => {
  it('fifty times at once with one Idempotency-Key is begun once', async () => {
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ask({ externalId: key }, { 'idempotency-key': key })),
    )
    const begun = answers.filter(({ statusCode }) => statusCode === 202)
    expect(begun.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
    expect(new Set(begun.map(answer => answer.json<Started>().job.id)).size).toBe(1)
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 202))
      expect(problemOf(answer)).toBe('409 IDEMPOTENCY_IN_FLIGHT')
    expect(await countOf(key)).toBe(1)
  })

  it('ten times without one makes one asset of an external id', async () => {
    const externalId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ externalId })))
    expect(answers.filter(({ statusCode }) => statusCode === 202)).toHaveLength(1)
    expect(new Set(answers.flatMap(a => (a.statusCode === 202 ? [] : [a.json<Problem>().code])))).toEqual(
      new Set(['EXTERNAL_ID_TAKEN']),
    )
    expect(await countOf(externalId)).toBe(1)
  })

  it('asked for again once it is deleted answers 410, with another URL 422', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const { asset } = (await ask({}, headers)).json<Started>()
    expect(problemOf(await ask({ url: 'https://media.example/other.jpg' }, headers))).toBe('422 IDEMPOTENCY_MISMATCH')
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(problemOf(await ask({}, headers))).toBe('410 ASSET_DELETED')
  })
})

describe('a failed import', () => {
  it('is requeued by an admin, and cannot be reprocessed', async () => {
    const { asset, job } = await started()
    expect(problemOf(await api.call('POST', `/v1/assets/${asset.id}/reprocess`))).toBe('409 ASSET_NOT_SETTLED')
    await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`)
    const failed = (await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>()
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' }, progress: 1 })
    expect(failed.sourceExpiresAt).not.toBeNull()
    expect(problemOf(await api.call('POST', `/v1/assets/${asset.id}/reprocess`))).toBe('410 SOURCE_GONE')
    const { nextAction } = (await api.call('GET', `/v1/admin/assets/${asset.id}/explain`)).json<Explanation>()
    expect(nextAction).toContain(`npx darkroom jobs requeue ${job.id}`)
    expect((await api.call('POST', `/v1/admin/jobs/${job.id}/requeue`)).statusCode).toBe(202)
    const again = (await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>()
    expect(again).toMatchObject({ status: 'processing', error: null, job: { id: job.id, status: 'queued' } })
  })

  it('whose URL is forgotten cannot be, and says so', async () => {
    const { asset, job } = await started()
    await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`)
    await execute(sql`UPDATE imports SET url = NULL WHERE asset_id = ${asset.id}`)
    expect(problemOf(await api.call('POST', `/v1/admin/jobs/${job.id}/requeue`))).toBe('410 SOURCE_GONE')
    const { nextAction } = (await api.call('GET', `/v1/admin/assets/${asset.id}/explain`)).json<Explanation>()
    expect(nextAction).toContain('import the file again')
  })

  it('is among the jobs of its name, and a bulk requeue takes it', async () => {
    const { job } = await started()
    await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`)
    const listed = await api.call('GET', '/v1/admin/jobs?name=asset.import&status=cancelled')
    expect(listed.json<{ items: Job[] }>().items.map(({ id }) => id)).toContain(job.id)
    const filter = { name: 'asset.import', status: 'cancelled' }
    const requeued = await api.call('POST', '/v1/admin/jobs/requeue', { body: { filter } })
    expect(requeued.json<{ requeued: number }>().requeued).toBeGreaterThan(0)
    expect((await api.call('GET', `/v1/jobs/${job.id}`)).json<Job>().status).toBe('queued')
  })
})
