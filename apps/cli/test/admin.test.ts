import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, startApi } from '@darkroom/api'
import {
  type AdminJob,
  JOB_NAMES,
  JOB_STATUSES,
  MAX_ATTEMPTS,
  QUEUE_NAMES,
  type UploadCreated,
} from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { transitionAsset } from '@darkroom/db/assets'
import { createDatabase, type Database } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { insertApiKey } from '@darkroom/db/projects'
import { migrateQueue } from '@darkroom/jobs/executor'
import { claimJob, endJob, fenced } from '@darkroom/jobs/sql'
import { startLocalB2 } from '@darkroom/local-b2'
import { createTestDatabase } from '@darkroom/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acquireInstanceLock } from '../src/start/instance-lock.ts'
import { NO_LOGIN } from './harness.ts'

const BYTES = Buffer.from('these bytes stand for a picture')
const MAIN = join(import.meta.dirname, '../src/main.ts')

const opened = new AsyncDisposableStack()
let db: Database
let url: string
let storeUrl: string
let keyOf: { project: string; operator: string }

beforeAll(async () => {
  const { url: databaseUrl, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(drop)
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-cli-test-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const b2 = await startLocalB2({ dataDir, buckets: [{ name: 'darkroom', access: 'private' }] })
  opened.defer(() => b2.close())
  storeUrl = b2.url
  const api = await startApi({
    env: {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      DARKROOM_SECRET: randomBytes(32).toString('hex'),
      B2_KEY_ID: 'localkey',
      B2_APPLICATION_KEY: 'localsecret',
      B2_BUCKET_NAME: 'darkroom',
      B2_REGION: 'local-000',
      B2_ENDPOINT: b2.url,
    },
    logger: silentLogger,
  })
  opened.defer(() => api.close())
  url = api.url
  const database = createDatabase(databaseUrl, { max: 2 })
  opened.defer(() => database.close())
  db = database.db
  keyOf = { project: await createKey('project'), operator: await createKey('operator') }
})
afterAll(() => opened.disposeAsync())

async function createKey(kind: 'project' | 'operator'): Promise<string> {
  const { key, shortId, hash } = generateKey(kind)
  const [project] = await db.query.projects.findMany()
  const projectId = kind === 'operator' ? null : (project?.id ?? null)
  await insertApiKey(db, { projectId, shortId, hash, name: 'test', scopes: ['upload', 'read', 'write', 'admin'] })
  return key
}

interface Ran {
  code: number
  out: string
  err: string
}

const run = (args: string, env: Record<string, string> = {}): Promise<Ran> =>
  new Promise(resolve => {
    const settings = { ...process.env, ...NO_LOGIN, DARKROOM_URL: url, DARKROOM_KEY: keyOf.project, ...env }
    execFile(process.execPath, [MAIN, ...args.split(' ')], { env: settings }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() })
    })
  })
const operate = (args: string) => run(args, { DARKROOM_KEY: keyOf.operator })

/** Asks the API as a client does. */
async function request<T>(path: string, body: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${keyOf.project}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as T
}

async function confirmed(filename: string): Promise<{ jobId: string; assetId: string }> {
  const upload = { filename, contentType: 'image/jpeg', byteSize: BYTES.length, multipart: false }
  const created = await request<UploadCreated>('/v1/uploads', upload)
  if (created.upload.type !== 'single') throw new Error('one PUT was asked for')
  const { method, headers } = created.upload
  await fetch(created.upload.url, { method, headers, body: new Uint8Array(BYTES) })
  const { job } = await request<{ job: { id: string } }>(`/v1/uploads/${created.upload.id}/confirm`, {})
  return { jobId: job.id, assetId: created.asset.id }
}

async function failed(filename: string, code: string): Promise<{ jobId: string; assetId: string }> {
  const ids = await confirmed(filename)
  const won = await claimJob(db, { jobId: ids.jobId, host: 'test', leaseSec: 60 })
  if (!won) throw new Error('nobody else claims it')
  const error = { code, message: 'It did not work.', retryable: false }
  await fenced(db, won.lease, async tx => {
    await transitionAsset(tx, { assetId: ids.assetId, to: 'failed', set: { error }, event: 'asset.failed' })
    await endJob(tx, won.lease, 'failed', { outcome: 'failed', error })
  })
  return ids
}

describe('darkroom jobs', () => {
  it('names every queue, status and kind of job that it filters by', async () => {
    const help = (await run('jobs list --help')).out.replace(/\s+/g, ' ')
    for (const names of [QUEUE_NAMES, JOB_STATUSES, JOB_NAMES])
      expect(help).toContain(names.map(name => `"${name}"`).join(', '))
  })

  it('lists jobs for a person and for a machine', async () => {
    const { jobId } = await failed('holiday.jpg', 'TIMEOUT')
    const { out } = await run('jobs list --status failed --code TIMEOUT --since 1h')
    expect(out).toMatch(
      new RegExp(`^ID +STATUS .*\n${jobId}  failed  asset\\.process  image +1/8 .* TIMEOUT  holiday\\.jpg$`),
    )
    const { items } = JSON.parse((await run('jobs list --code TIMEOUT --json')).out)
    expect(items).toMatchObject([{ id: jobId, filename: 'holiday.jpg' }])
    expect((await run('jobs list --code TIMEOUT --before 1h')).out).toBe('No matching jobs.')
  })

  it('shows a job, and where to read why', async () => {
    const { jobId, assetId } = await failed('a.jpg', 'NO_SPACE')
    const { out } = await run(`jobs show ${jobId}`)
    expect(out).toContain('error        NO_SPACE: It did not work.')
    expect(out).toContain(`Why: npx darkroom explain ${assetId}`)
  })

  it('requeues one', async () => {
    const { jobId, assetId } = await failed('a.jpg', 'NO_SPACE')
    expect((await run(`jobs requeue ${jobId}`)).out).toBe(
      `Job ${jobId} is requeued. Follow it: npx darkroom explain ${assetId}`,
    )
    const job: AdminJob = JSON.parse((await run(`jobs show ${jobId} --json`)).out)
    expect(job).toMatchObject({ status: 'queued', attempt: 1, maxAttempts: 1 + MAX_ATTEMPTS['asset.process'] })
  })

  it('requeues many, and says before what it would do', async () => {
    const { jobId } = await failed('a.jpg', 'RESOURCE_LIMIT')
    expect((await run('jobs requeue --code RESOURCE_LIMIT --dry-run')).out).toBe('1 of 1 job would be requeued.')
    expect((await run('jobs requeue --code RESOURCE_LIMIT')).out).toBe('1 of 1 job is requeued.')
    expect(JSON.parse((await run(`jobs show ${jobId} --json`)).out)).toMatchObject({ status: 'queued' })
  })

  it.each(['jobs requeue', 'jobs requeue --status cancelled'])(
    'does not requeue everything by accident: %s',
    async command => {
      const { code, err } = await run(command)
      expect([code, err]).toEqual([2, expect.stringContaining('--all for all failed jobs')])
    },
  )

  it('requeues everything when it is told so', async () => {
    const { jobId } = await failed('a.jpg', 'NO_SPACE')
    expect((await run('jobs requeue --all --dry-run')).out).toMatch(/^\d+ of \d+ jobs? would be requeued\./)
    expect(JSON.parse((await run(`jobs show ${jobId} --json`)).out)).toMatchObject({ status: 'failed' })
    expect((await run('jobs requeue --all')).out).toMatch(/^\d+ of \d+ jobs? (is|are) requeued\./)
    expect(JSON.parse((await run(`jobs show ${jobId} --json`)).out)).toMatchObject({ status: 'queued' })
  })

  it('cancels one, and says how to undo it', async () => {
    const { jobId } = await confirmed('a.jpg')
    expect((await run(`jobs cancel ${jobId}`)).out).toBe(
      `Job ${jobId} is cancelled. To undo it: npx darkroom jobs requeue ${jobId}`,
    )
    const again = await run(`jobs cancel ${jobId}`)
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/^JOB_SETTLED: .*already\.\nWhat to do: /)])
  })
})

describe('darkroom explain', () => {
  it('tells the story of a file', async () => {
    const { jobId, assetId } = await failed('a.jpg', 'TIMEOUT')
    const { out } = await run(`explain ${assetId}`)
    expect(out).toContain(`Asset ${assetId} is failed.`)
    expect(out).toContain('Why:  Failed with TIMEOUT: It did not work.')
    expect(out).toContain(`npx darkroom jobs requeue ${jobId}`)
    expect(out).toMatch(/presigned[\s\S]*confirmed[\s\S]*attempt 1 started +on host test\n.*attempt 1 failed/)
    expect(JSON.parse((await run(`explain ${assetId} --json`)).out)).toMatchObject({ assetId, status: 'failed' })
  })
})

describe('darkroom queues', () => {
  it('shows them, and that nobody works', async () => {
    const { out } = await operate('queues')
    expect(out).toMatch(/^QUEUE +STATE/)
    expect(out).toContain('No worker is running')
    expect(JSON.parse((await operate('queues --json')).out).queues).toHaveLength(QUEUE_NAMES.length)
  })

  it('pauses, resumes and rebuilds', async () => {
    expect((await operate('queues pause video --reason moving')).out).toContain('npx darkroom queues resume video')
    expect((await operate('queues')).out).toMatch(/video +paused by operator: moving/)
    expect((await operate('queues resume all')).out).toBe('Resumed, but no live worker serves it: start one.')
    expect((await operate('queues rebuild')).out).toMatch(
      /^Dispatched again: \d+ jobs?\. Stale entries removed: \d+\.$/,
    )
    expect(JSON.parse((await operate('queues rebuild --json')).out)).toMatchObject({ removed: 0 })
  })
})

describe('darkroom quarantine', () => {
  it('adds, lists and releases', async () => {
    const sha256 = 'e'.repeat(64)
    const added = JSON.parse((await run(`quarantine add ${sha256} --reason crashes --json`)).out)
    const { out } = await run('quarantine list')
    expect(out).toContain(added.id)
    expect(out).toContain(sha256)
    expect((await run(`quarantine release ${added.id}`)).out).toContain('npx darkroom jobs requeue --code QUARANTINED')
    expect((await run('quarantine list')).out).toBe('No quarantined files.')
    const { id } = JSON.parse((await run(`quarantine add ${sha256} --reason crashes --json`)).out)
    expect(JSON.parse((await run(`quarantine release ${id} --json`)).out)).toEqual({ id })
  })
})

describe('darkroom audit', () => {
  it('lists what admins did, with the names of their keys', async () => {
    await operate('queues pause audio --reason audited')
    const { out } = await operate('audit --action pauseQueue --target audio')
    expect(out).toMatch(/^AT +KEY +ACTION/)
    expect(out).toMatch(/ pauseQueue +queue audio +done/)
    const { items } = JSON.parse((await operate('audit --since 1h --json')).out)
    expect(items[0]).toMatchObject({ action: 'pauseQueue', input: { reason: 'audited' } })
    await operate('queues resume audio')
    expect((await operate('audit --key nobody')).out).toBe('No changes.')
  })
})

describe('darkroom incidents', () => {
  it('shows what is wrong and what to do', async () => {
    await operate('queues pause video --reason moving')
    const { out } = await operate('incidents')
    expect(out).toMatch(/^WARNING {2}The video queue is paused$/m)
    expect(out).toMatch(/^ {2}to do {4}Resume it/m)
    await operate('queues resume video')
  })
})

describe('darkroom takedowns', () => {
  it('lists and lifts', async () => {
    const { assetId } = await confirmed('taken-down.jpg')
    const { takedown } = await request<{ takedown: { id: string } }>(`/v1/assets/${assetId}/takedown`, {
      reason: 'Notice',
    })
    const { out } = await run('takedowns list')
    expect(out).toContain(takedown.id)
    expect(out).toMatch(/refused +Notice$/m)
    expect((await run(`takedowns lift ${takedown.id} --reason Mistake`)).err).toMatch(
      /^FORBIDDEN: This operation needs an operator key/,
    )
    expect((await operate(`takedowns lift ${takedown.id}`)).err).toContain('--reason')
    expect((await operate(`takedowns lift ${takedown.id} --reason Mistake`)).out).toMatch(/^Lifted\./)
    expect((await run('takedowns list')).out).toMatch(/lifted .* by \w{8} +Mistake$/m)
    expect((await run(`takedowns list --sha256 ${'b'.repeat(64)}`)).out).toBe('No takedowns.')
  })
})

describe('a command that fails', () => {
  const failures: [string, number, string, () => Record<string, string>, RegExp][] = [
    [
      'a wrong key',
      4,
      'jobs list',
      () => ({ DARKROOM_KEY: 'dk_wrong' }),
      /^DARKROOM_KEY is not a valid API key .*keys create/,
    ],
    [
      'no key',
      4,
      'jobs list',
      () => ({ DARKROOM_KEY: '' }),
      /is not in local mode, so it needs an API key\. Set DARKROOM_KEY/,
    ],
    [
      'no key for an API elsewhere',
      2,
      'jobs list',
      () => ({ DARKROOM_KEY: '', DARKROOM_URL: 'https://media.example.com' }),
      /^DARKROOM_KEY: is missing; set it to an API key of the Darkroom at https:\/\/media\.example\.com, or log in: npx darkroom login https:\/\/media\.example\.com$/,
    ],
    [
      'a key that is no operator',
      4,
      'queues',
      () => ({}),
      /^FORBIDDEN: This operation needs an operator key.*--operator/,
    ],
    ['a job that is not there', 5, 'jobs show x', () => ({}), /^NOT_FOUND: .*\nWhat to do: Check the id/],
    [
      'a filter that makes no sense',
      2,
      'jobs list --status lost',
      () => ({}),
      /'lost' is invalid\. Allowed choices are queued, running, succeeded, failed, cancelled\./,
    ],
    [
      'a job in a state that cannot be requeued',
      2,
      'jobs requeue --status running',
      () => ({}),
      /Allowed choices are failed, cancelled\./,
    ],
    ['a queue that is none', 2, 'queues pause pictures', () => ({}), /Allowed choices are all, image, document,/],
    ['a time that is none', 2, 'jobs list --since yesterday', () => ({}), /Use 30m/],
    [
      'no API',
      3,
      'jobs list',
      () => ({ DARKROOM_URL: 'http://127.0.0.1:61234' }),
      /^No response from http:\/\/127\.0\.0\.1:61234 \(ECONNREFUSED\)\. Start/,
    ],
    ['a URL that is none', 2, 'jobs list', () => ({ DARKROOM_URL: 'here' }), /DARKROOM_URL.*expected the URL/],
    ['something that is no API', 3, 'jobs list', () => ({ DARKROOM_URL: storeUrl }), /is no Darkroom API\. Check/],
    ['a command that is none', 2, 'job list', () => ({}), /unknown command 'job'\n\(Did you mean jobs\?\)$/],
    [
      'an option that is none',
      2,
      'jobs list --statu x',
      () => ({}),
      /unknown option '--statu'\n\(Did you mean --status/,
    ],
    ['a command that lacks its second word', 2, 'jobs', () => ({}), /^Usage: darkroom jobs/],
    [
      'a database that does not answer',
      3,
      'keys create --direct',
      () => ({ DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x' }),
      /^The configuration has 1 fault:\n {2}- DATABASE_URL: Postgres at 127\.0\.0\.1:1 is not available \(/,
    ],
    [
      'no database at all',
      3,
      'keys create --direct',
      () => ({ DATABASE_URL: '', DARKROOM_DATA: '/tmp/nothing' }),
      /^--direct needs a database: set DATABASE_URL, or start/,
    ],
    [
      'a command of the database where there is only an API',
      2,
      'migrate',
      () => ({ DATABASE_URL: '' }),
      /DATABASE_URL: expected a Postgres URL[\s\S]*Uses the database itself, not the API: run it where DATABASE_URL is set\./,
    ],
    [
      'a database that is waited for',
      3,
      'migrate',
      () => ({ DATABASE_URL: 'postgres://127.0.0.1:1/x', START_WAIT_SEC: '1' }),
      /^waiting for Postgres at 127\.0\.0\.1:1, at most 1 s .*\n.*\n {2}- DATABASE_URL: .* was not available within 1 s/,
    ],
  ]
  it.each(failures)('for %s says what to do, with exit code %i', async (_, exitCode, args, env, message) => {
    const { code, out, err } = await run(args, env())
    expect([code, out]).toEqual([exitCode, ''])
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^ {4}at |hunter2/m)
  })
})

describe('without DARKROOM_URL', () => {
  it('finds the API of a start by its data folder, and says when it is not ready yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-cli-test-'))
    opened.defer(() => rm(folder, { recursive: true, force: true }))
    const acquired = await acquireInstanceLock(folder)
    if (!('lock' in acquired)) throw new Error('nobody else holds it')
    const env = { DARKROOM_URL: '', DARKROOM_DATA: folder }
    expect(await run('jobs list', env)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^Darkroom is starting up/),
    })
    acquired.lock.setUrl(url)
    expect(await run('jobs list --code NOTHING', env)).toMatchObject({ code: 0, out: 'No matching jobs.' })
    acquired.lock.release()
  })
})
