import { createHash } from 'node:crypto'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { findApiKey, findProjectByName } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandApi, type Ran, runCommand, startCommandApi } from './harness.ts'

let api: CommandApi
let database: DatabaseClient
let operator: string
beforeAll(async () => {
  api = await startCommandApi()
  database = createDatabase(api.databaseUrl, { max: 2 })
  const made = await runCommand(['keys', 'create', '--operator', '--direct'], { DATABASE_URL: api.databaseUrl })
  operator = made.out
})
afterAll(async () => {
  await database?.close()
  await api?.close()
})

const as = (key: string, ...args: string[]): Promise<Ran> =>
  runCommand(args, { DARKROOM_URL: api.url, DARKROOM_KEY: key })
const run = (...args: string[]) => as(operator, ...args)

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
    expect((await run('projects', 'list')).out).toMatch(/^shop +[0-9a-f-]{36} +0 B +0 +0 .*private$/m)
    const changed = JSON.parse((await run('projects', 'set', 'shop', 'quotaBytes=7', '--json')).out)
    expect(changed).toMatchObject({ name: 'shop', quotaBytes: 7 })
    const listed = JSON.parse((await run('projects', 'list', '--json')).out)
    const { move: _move, deletion: _deletion, ...shop } = changed
    const usage = expect.objectContaining({ bytes: 0, objects: 0, openUploads: { count: 0, bytes: 0 } })
    expect(listed).toContainEqual({ ...shop, usage })
    expect(JSON.parse((await run('projects', 'create', 'made', '--json')).out)).toMatchObject({ name: 'made' })
  })

  it.each([
    ['a setting that is none', 2, ['set', 'default', 'colour=red'], 'quotaBytes'],
    ['a value that cannot be', 2, ['set', 'default', 'quotaBytes=lots'], 'quotaBytes'],
    ['an origin that is none', 2, ['set', 'default', 'browserOrigins=shop.example'], 'origin'],
    ['a preset that is not there', 2, ['set', 'default', 'defaultPreset=nothing'], 'nothing'],
    ['a project that is not there', 5, ['set', 'nobody', 'quotaBytes=1'], 'projects list'],
    ['a name that is taken', 1, ['create', 'default'], 'PROJECT_NAME_TAKEN'],
  ])('refuses %s and says why, with exit code %i', async (_title, exitCode, args, hint) => {
    const { code, err } = await run('projects', ...args)
    expect(code).toBe(exitCode)
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
    expect(revoked).toEqual({ id: rotated.id, shortId: rotated.shortId })
  })

  it('revokes no key twice, and says so', async () => {
    const { out: key } = await run('keys', 'create')
    expect(await run('keys', 'revoke', idOf(key))).toMatchObject({ code: 0, out: `key ${idOf(key)} is revoked` })
    const again = await run('keys', 'revoke', idOf(key))
    expect(again).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringMatching(/^There is no active API key \w{8}\./),
    })
  })

  it('rotates no key that was revoked', async () => {
    const { out: key } = await run('keys', 'create', '--expires', '2100-01-01')
    expect((await findApiKey(database.db, idOf(key)))?.key.expiresAt?.toISOString()).toBe('2100-01-01T00:00:00.000Z')
    await run('keys', 'revoke', idOf(key))
    const { code, err } = await run('keys', 'rotate', idOf(key))
    expect([code, err]).toEqual([5, expect.stringContaining('no active API key')])
    expect((await run('keys', 'create', '--expires', 'yesterday')).code).toBe(2)
  })

  it('makes an operator’s key over HTTP, which sees the keys of everybody', async () => {
    const { out: second, err } = await run('keys', 'create', '--operator', '--name', 'second')
    expect([second, err]).toEqual([expect.stringMatching(/^do_/), expect.stringContaining('of an operator')])
    const { out: list } = await as(second, 'keys', 'list')
    expect(list).toMatch(new RegExp(`^${idOf(second)} +operator +second +`, 'm'))
    expect(list).toMatch(/ +project +till +/)
    expect((await run('keys', 'rotate', idOf(second))).out).toMatch(/^do_/)
    expect((await as(second, 'keys', 'list')).code).toBe(4)
    expect((await run('keys', 'create', '--operator', '--project', 'shop')).code).toBe(2)
  })

  it('lets an admin manage the keys of the own project, and no others', async () => {
    const { out: admin } = await run('keys', 'create', '--project', 'own', '--scopes', 'read,admin')
    const { out: till } = await as(admin, 'keys', 'create', '--scopes', 'read', '--name', 'till')
    expect((await as(admin, 'keys', 'list')).out.split('\n')).toHaveLength(3)
    const { out: rotated } = await as(admin, 'keys', 'rotate', idOf(till))
    expect(await as(admin, 'keys', 'revoke', idOf(rotated))).toMatchObject({ code: 0 })
    expect(await as(admin, 'keys', 'revoke', idOf(operator))).toMatchObject({ code: 5 })
    expect(await as(admin, 'keys', 'create', '--project', 'shop')).toMatchObject({
      code: 4,
      err: expect.stringContaining('FORBIDDEN'),
    })
  })
})

describe('darkroom usage', () => {
  it('says what it corrected, and then that there is nothing', async () => {
    const project = await findProjectByName(database.db, 'default')
    await database.db.execute(
      sql`INSERT INTO usage_totals (project_id, bytes, objects) VALUES (${project?.id}, 5000, 1)`,
    )
    const wrong = { projectId: project?.id, bytes: -5000, objects: -1, openBytes: 0, openUploads: 0 }
    expect(JSON.parse((await run('usage', 'reconcile', '--json')).out)).toEqual([wrong])
    await database.db.execute(sql`UPDATE usage_totals SET bytes = bytes + 5000, objects = objects + 1`)
    const { out } = await run('usage', 'reconcile')
    expect(out).toMatch(new RegExp(`^${project?.id} +-5 kB +-1 +\\W?0 B +0$`, 'm'))
    expect((await run('usage', 'reconcile')).out).toBe('The usage of all projects is correct.')
  })

  it('shows what a project has', async () => {
    await run('projects', 'create', 'counted', 'quotaBytes=2000000')
    const { out } = await run('usage', 'show', '--project', 'counted')
    expect(out).toMatch(/^stored +0 B in 0 objects, 2 MB left\n/)
    const { out: key } = await run('keys', 'create', '--project', 'counted', '--scopes', 'read')
    expect(JSON.parse((await as(key, 'usage', 'show', '--json')).out)).toMatchObject({ quota: { bytes: 2_000_000 } })
    expect((await run('usage', 'show', '--project', 'nobody')).code).toBe(5)
  })
})
