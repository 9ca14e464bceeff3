import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createDatabase, type DatabaseClient, findApiKey, findProjectByName, migrateDatabase } from '@darkroom/db'
import { createTestDatabase } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/main.ts')

const opened = new AsyncDisposableStack()
let url: string
let database: DatabaseClient
beforeAll(async () => {
  const made = await createTestDatabase({ template: { name: 'darkroom', prepare: migrateDatabase } })
  opened.defer(made.drop)
  url = made.url
  database = createDatabase(url, { max: 2 })
  opened.defer(() => database.close())
})
afterAll(() => opened.disposeAsync())

const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise(resolve => {
    execFile(process.execPath, [MAIN, ...args], { env: { ...process.env, DATABASE_URL: url } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() })
    })
  })

describe('darkroom projects', () => {
  it('creates, changes and lists projects', async () => {
    const made = await run('projects', 'create', 'shop', 'quotaBytes=1000', 'allowedTypes=image/jpeg, image/png')
    expect(made.out).toMatch(/^project shop is [0-9a-f-]{36}$/)
    expect(await findProjectByName(database.db, 'shop')).toMatchObject({
      quotaBytes: 1000,
      allowedTypes: ['image/jpeg', 'image/png'],
    })
    const origins = 'browserOrigins=https://a.example,https://b.example'
    expect((await run('projects', 'set', 'shop', 'quotaBytes=null', 'isPrivate=true', origins)).code).toBe(0)
    expect(await findProjectByName(database.db, 'shop')).toMatchObject({
      quotaBytes: null,
      isPrivate: true,
      browserOrigins: ['https://a.example', 'https://b.example'],
    })
    expect((await run('projects', 'list')).out).toMatch(/^shop +[0-9a-f-]{36} +0 +0 +0 .*private$/m)
    const changed = JSON.parse((await run('projects', 'set', 'shop', 'quotaBytes=7', '--json')).out)
    expect(changed).toMatchObject({ name: 'shop', quotaBytes: 7 })
    const listed = JSON.parse((await run('projects', 'list', '--json')).out)
    const usage = { bytes: 0, objects: 0, openBytes: 0, openUploads: 0 }
    expect(listed).toContainEqual({ ...changed, usage })
    expect(JSON.parse((await run('projects', 'create', 'made', '--json')).out)).toMatchObject({ name: 'made' })
  })

  it.each([
    ['a setting that is none', ['set', 'default', 'colour=red'], 'quotaBytes'],
    ['a value that cannot be', ['set', 'default', 'quotaBytes=lots'], 'quotaBytes'],
    ['an origin that is none', ['set', 'default', 'browserOrigins=shop.example'], 'origin'],
    ['a preset that is not there', ['set', 'default', 'defaultPreset=nothing'], 'nothing'],
    ['a project that is not there', ['set', 'nobody', 'quotaBytes=1'], 'projects list'],
    ['a name that is taken', ['create', 'default'], 'default'],
  ])('refuses %s and says why', async (_title, args, hint) => {
    const { code, err } = await run('projects', ...args)
    expect(code).toBe(1)
    expect(err).toContain(hint)
    expect(err).not.toContain('    at ')
  })
})

describe('darkroom keys', () => {
  const idOf = (key: string) => key.slice(3, 11)

  it('rotates a key, and lists the keys of a project', async () => {
    await run('projects', 'create', 'rotated')
    const { out: old } = await run('keys', 'create', '--project', 'rotated', '--scopes', 'read', '--name', 'till')
    const { out: key, err } = await run('keys', 'rotate', idOf(old), '--overlap', '3600')
    expect(err).toContain('3600 more seconds')
    const found = await findApiKey(database.db, idOf(key))
    expect(found).toMatchObject({
      key: { name: 'till', scopes: ['read'], hash: createHash('sha256').update(key).digest('hex') },
    })
    expect(found?.project?.name).toBe('rotated')
    expect((await findApiKey(database.db, idOf(old)))?.key.expiresAt).toBeInstanceOf(Date)
    const { out: list } = await run('keys', 'list', '--project', 'rotated')
    expect(list).toMatch(/^ID +KIND +NAME +SCOPES +CREATED/)
    expect(list).toMatch(new RegExp(`^${idOf(key)} +project +till +read +20`, 'm'))
    for (const each of [old, key]) {
      expect(list).toContain(idOf(each))
      expect(list).not.toContain(each.slice(12))
    }
    expect((await run('keys', 'list', '--project', 'shop')).out).not.toContain(idOf(key))
  })

  it('answers as JSON', async () => {
    const { out } = await run('keys', 'create', '--project', 'machines', '--scopes', 'read', '--json')
    const { key, ...made } = JSON.parse(out)
    expect(made).toMatchObject({ shortId: idOf(key), scopes: ['read'], revokedAt: null })
    expect(JSON.parse((await run('keys', 'list', '--project', 'machines', '--json')).out)).toEqual([made])
    const rotated = JSON.parse((await run('keys', 'rotate', made.shortId, '--overlap', '60', '--json')).out)
    expect(rotated).toMatchObject({ shortId: idOf(rotated.key), projectId: made.projectId })
    const revoked = JSON.parse((await run('keys', 'revoke', rotated.shortId, '--json')).out)
    expect(revoked).toMatchObject({ id: rotated.id, revokedAt: expect.stringMatching(/^20/) })
    expect(revoked).not.toHaveProperty('hash')
  })

  it('revokes no key twice, and says so', async () => {
    const { out: key } = await run('keys', 'create')
    expect(await run('keys', 'revoke', idOf(key))).toMatchObject({ code: 0, out: `key ${idOf(key)} is revoked` })
    const again = await run('keys', 'revoke', idOf(key))
    expect(again).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^There is no key \w{8} that still works/),
    })
  })

  it('rotates no key that was revoked', async () => {
    const { out: key } = await run('keys', 'create', '--expires', '2100-01-01')
    expect((await findApiKey(database.db, idOf(key)))?.key.expiresAt?.toISOString()).toBe('2100-01-01T00:00:00.000Z')
    await run('keys', 'revoke', idOf(key))
    const { code, err } = await run('keys', 'rotate', idOf(key))
    expect([code, err]).toEqual([1, expect.stringContaining('still works')])
    expect((await run('keys', 'create', '--expires', 'yesterday')).code).toBe(1)
  })
})

describe('darkroom usage reconcile', () => {
  it('says what it corrected, and then that there is nothing', async () => {
    const project = await findProjectByName(database.db, 'default')
    await database.db.execute(sql`INSERT INTO usage_totals (project_id, bytes, objects) VALUES (${project?.id}, 5, 1)`)
    const wrong = { projectId: project?.id, bytes: -5, objects: -1, openBytes: 0, openUploads: 0 }
    expect(JSON.parse((await run('usage', 'reconcile', '--json')).out)).toEqual([wrong])
    await database.db.execute(sql`UPDATE usage_totals SET bytes = bytes + 5, objects = objects + 1`)
    expect((await run('usage', 'reconcile')).out).toMatch(new RegExp(`^${project?.id} +-5 +-1 +0 +0$`, 'm'))
    expect((await run('usage', 'reconcile')).out).toBe('What was counted is what is there.')
  })
})
