import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, startApi } from '@darkroom/api'
import { newId, silentLogger } from '@darkroom/core'
import { createDatabase, type Database } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { DEFAULT_PROJECT, findProjectByName, insertApiKey } from '@darkroom/db/projects'
import { migrateQueue } from '@darkroom/jobs/executor'
import { startLocalB2 } from '@darkroom/local-b2'
import { createTestDatabase } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/main.ts')

const opened = new AsyncDisposableStack()
let db: Database
let projectId: string
let env: Record<string, string | undefined>
beforeAll(async () => {
  const { url, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(drop)
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-listen-test-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const b2 = await startLocalB2({ dataDir, buckets: [{ name: 'darkroom', access: 'private' }] })
  opened.defer(() => b2.close())
  const api = await startApi({
    env: {
      PORT: '0',
      DATABASE_URL: url,
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
  const database = createDatabase(url, { max: 2 })
  opened.defer(() => database.close())
  db = database.db
  projectId = (await findProjectByName(db, DEFAULT_PROJECT))?.id ?? ''
  const { key, shortId, hash } = generateKey('project')
  await insertApiKey(db, { projectId, shortId, hash, name: 'test', scopes: ['read'] })
  env = { ...process.env, DARKROOM_URL: api.url, DARKROOM_KEY: key }
})
afterAll(() => opened.disposeAsync())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})

function listen(args: string[], change: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, 'listen', ...args], { env: { ...env, ...change } })
  children.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    said.out += chunk
  })
  child.stderr.on('data', chunk => {
    said.err += chunk
  })
  // Not `exit`, which may come before the last of what it says.
  const exit = new Promise<number | null>(resolve => child.on('close', resolve))
  return { said, exit, isListening: () => expect.poll(() => said.err, { timeout: 60_000 }).toContain('Listening') }
}

async function happen(type: string): Promise<string> {
  const assetId = newId()
  await db.execute(sql`INSERT INTO events (project_id, asset_id, seq, type, data)
    VALUES (${projectId}, ${assetId}, 3, ${type}, '{"code":"TIMEOUT"}')`)
  return assetId
}

describe('darkroom listen', () => {
  it('prints what happens from now on', async () => {
    await happen('asset.ready')
    const { said, isListening } = listen(['--events', 'asset.failed'])
    await isListening()
    await happen('asset.ready')
    const assetId = await happen('asset.failed')
    const line = new RegExp(`^[-0-9]+ [:0-9]+Z  asset\\.failed  ${assetId}  code="TIMEOUT"  revision=3\n$`)
    await expect.poll(() => said.out, { timeout: 30_000 }).toMatch(line)
  })

  it('forwards what the reference library verifies, and goes on when nobody takes it', async () => {
    const got: { body: string; headers: IncomingHttpHeaders }[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      got.push({ body: Buffer.concat(chunks).toString(), headers: request.headers })
      response.writeHead(202).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { said, isListening } = listen(['--forward-to', `http://127.0.0.1:${port}/hook`])
    await isListening()
    const assetId = await happen('asset.ready')
    await expect.poll(() => said.out, { timeout: 30_000 }).toContain('→ 202')
    const [, secret = ''] = /secret (whsec_\S+)/.exec(said.err) ?? []
    const [message] = got
    const headers = Object.fromEntries(
      Object.entries(message?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    )
    expect(new Webhook(secret).verify(message?.body ?? '', headers)).toMatchObject({
      type: 'asset.ready',
      data: { assetId },
    })
    await new Promise(resolve => server.close(resolve))
    await happen('asset.ready')
    await expect.poll(() => said.out, { timeout: 30_000 }).toContain('ECONNREFUSED')
  })

  it('begins where it is told to, and speaks JSON', async () => {
    const assetId = await happen('asset.ready')
    const first = Buffer.from('0.0').toString('base64url')
    const { said } = listen(['--json', '--after', first])
    await expect.poll(() => said.out, { timeout: 60_000 }).toContain(assetId)
    for (const line of said.out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ data: { revision: 3 } })
  })

  it.each<[string, number, string[], Record<string, string>, RegExp]>([
    ['a wrong key', 4, [], { DARKROOM_KEY: 'dk_wrong' }, /Set DARKROOM_KEY/],
    ['an unknown type', 2, ['--events', 'asset.cooked'], {}, /INVALID_REQUEST/],
    ['a URL that is none', 2, ['--forward-to', 'here'], {}, /--forward-to expects a URL/],
  ])('refuses %s with exit code %i', async (_, code, args, change, message) => {
    const { said, exit } = listen(args, change)
    expect(await exit).toBe(code)
    expect(said.err).toMatch(message)
  })
})
