import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Project } from '@darkroom/contracts'

import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { findProjectByName } from '@darkroom/db/projects'
import { COMPILE_CACHE } from '@darkroom/testing'

import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandApi, runCommand, startCommandApi } from './harness.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

let api: CommandApi
let database: DatabaseClient
let env: Record<string, string>
beforeAll(async () => {
  api = await startCommandApi()
  database = createDatabase(api.databaseUrl, { max: 2 })
  const made = await runCommand(['keys', 'create', '--operator', '--direct'], { DATABASE_URL: api.databaseUrl })
  env = { DARKROOM_URL: api.url, DARKROOM_KEY: made.out }
})
afterAll(async () => {
  await database?.close()
  await api?.close()
})

const run = (...args: string[]) => runCommand(['projects', ...args], env)
const statusOf = async (name: string) => (await findProjectByName(database.db, name))?.deletesAt ?? null

const PROMPT = 'Type its name to confirm:'

/** The same at a terminal, where somebody types. */
async function atTerminal(args: string[], typed: string): Promise<{ code: number; text: string }> {
  const command = [process.execPath, MAIN, 'projects', ...args].map(word => `'${word}'`).join(' ')
  const settings = { PATH: process.env.PATH, HOME: process.env.HOME, ...COMPILE_CACHE, ...env }
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: settings })
  let text = ''
  child.stdout.on('data', part => {
    const wasAsked = text.includes(PROMPT)
    text += part
    if (!wasAsked && text.includes(PROMPT)) child.stdin.write(`${typed}\n`)
  })
  // Not `exit`, which may come before the last of the text.
  const code = await new Promise<number>(resolve => child.on('close', exit => resolve(exit ?? -1)))
  return { code, text }
}

describe('darkroom projects delete', () => {
  it('closes a project whose name was typed, says until when, and restore takes it back', async () => {
    await run('create', 'shop')
    const wrong = await atTerminal(['delete', 'shop'], 'shap')
    expect([wrong.code, wrong.text]).toEqual([2, expect.stringContaining('Project "shop" was not changed')])
    expect(await statusOf('shop')).toBeNull()
    const { code, text } = await atTerminal(['delete', 'shop', '--delay-hours', '24'], 'shop')
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/project shop \(.+\) is closed, and will be deleted at 20.+restore shop/),
    ])
    expect(await statusOf('shop')).toBeInstanceOf(Date)
    expect((await run('show', 'shop')).out).toContain('is closed')
    expect((await run('list')).out).toMatch(/^shop .*deleting$/m)
    expect(await run('restore', 'shop')).toMatchObject({ code: 0, out: 'project shop is restored' })
    expect(await statusOf('shop')).toBeNull()
  })

  it('asks for the name in another way where nobody can be asked', async () => {
    await run('create', 'script')
    const unasked = await run('delete', 'script')
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('--yes-delete script')])
    const wrong = await run('delete', 'script', '--yes-delete', 'other')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('INVALID_REQUEST')])
    expect(await statusOf('script')).toBeNull()
    const { id } = JSON.parse((await run('show', 'script', '--json')).out) as Project
    const closed = JSON.parse((await run('delete', id, '--yes-delete', 'script', '--json')).out) as Project
    expect(closed).toMatchObject({ id, status: 'deleting', deletion: { startedAt: null } })
  })

  it('shows the receipt of a project by its id, and by a name that nobody has now', async () => {
    await run('create', 'gone')
    await run('delete', 'gone', '--yes-delete', 'gone', '--delay-hours', '0')
    const { id } = JSON.parse((await run('show', 'gone', '--json')).out) as Project
    await database.db.execute(sql`UPDATE project_deletions SET started_at = now() WHERE project_id = ${id}`)
    expect((await run('show', 'gone')).out).toContain('has been in deletion since')
    const late = await run('restore', 'gone')
    expect([late.code, late.err]).toEqual([5, expect.stringContaining('PROJECT_DELETED')])
    await database.db.execute(
      sql`UPDATE project_deletions SET finished_at = now(), assets = 3, objects = 12, bytes = 5000, keys = 1 WHERE project_id = ${id}`,
    )
    await database.db.execute(sql`UPDATE projects SET deleted_at = now() WHERE id = ${id}`)
    const receipt = 'removed 3 assets, 12 files (5 kB), 1 key, 0 webhook endpoints, 0 preset versions'
    for (const given of [id, 'gone']) expect((await run('show', given)).out).toContain(receipt)
    expect((await run('list', '--status', 'deleted')).out).toMatch(/^gone .*deleted$/m)
    expect((await run('list')).out).not.toMatch(/^gone /m)
    expect((await run('show', 'nobody')).code).toBe(5)
  })
})
