import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from '@darkroom/api'
import type { Asset, AssetPage, AssetSummary, UploadCreated } from '@darkroom/contracts'
import { createDatabase } from '@darkroom/db/client'
import { DEFAULT_PROJECT, findProjectByName, insertApiKey } from '@darkroom/db/projects'
import { startHttpProxy } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { runCommand, startCommand, startCommandApi, startInTerminal } from './harness.ts'

const PHOTO = await readFile(join(import.meta.dirname, '../../worker/test/fixtures/photo-rotated.jpg'))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const api = useResource(
  () => startCommandApi({ hasWorker: true }),
  ({ close }) => close(),
)
const home = useResource(
  async () => ({ folder: await mkdtemp(join(tmpdir(), 'darkroom-cli-home-')) }),
  ({ folder }) => rm(folder, { recursive: true, force: true }),
)

let key: string
let env: Record<string, string>
let photo: Asset
beforeAll(async () => {
  const { db, close } = createDatabase(api.databaseUrl, { max: 1 })
  const project = await findProjectByName(db, DEFAULT_PROJECT)
  const { key: made, shortId, hash } = generateKey('project')
  const scopes = ['upload', 'read', 'write']
  await insertApiKey(db, { projectId: project?.id ?? null, shortId, hash, name: 'test', scopes })
  await close()
  key = made
  env = { HOME: home.folder, DARKROOM_URL: api.url, DARKROOM_KEY: key, XDG_CONFIG_HOME: join(home.folder, 'config') }
  photo = await readyPhoto('beach.jpg')
})

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(`${api.url}${path}`, { method, headers, body: JSON.stringify(body) ?? null })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as T
}

async function openUpload(filename: string, details: Record<string, unknown> = {}): Promise<UploadCreated> {
  const file = { filename, contentType: 'image/jpeg', byteSize: PHOTO.length, multipart: false, ...details }
  return request('POST', '/v1/uploads', file)
}

async function readyPhoto(filename: string): Promise<Asset> {
  const { upload, asset } = await openUpload(filename, { folder: '2026/summer', tags: ['sea'] })
  if (upload.type !== 'single') throw new Error('one PUT was asked for')
  await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: new Uint8Array(PHOTO) })
  await request('POST', `/v1/uploads/${upload.id}/confirm`, {})
  const ready = async () => {
    const read = await request<Asset>('GET', `/v1/assets/${asset.id}`)
    expect(read.status).toBe('ready')
    return read
  }
  return vi.waitFor(ready, { timeout: 200_000, interval: 200 })
}

const run = (args: string[], change: Record<string, string> = {}, options = {}) =>
  runCommand(args, { ...env, ...change }, options)

/** A folder of a test's own. */
async function folder(): Promise<string> {
  return mkdtemp(join(home.folder, 'folder-'))
}

const jsonLines = <T>(text: string): T[] => text.split('\n').map(line => JSON.parse(line))

describe('darkroom ls', () => {
  it('lists assets for a person, and one JSON object a line for a machine', async () => {
    const { out, code } = await run(['ls', '2026/summer', '--tag', 'sea', '--status', 'ready'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^ID +STATUS +SIZE +CREATED +NAME\n/)])
    expect(out).toMatch(new RegExp(`${photo.id}  ready .* 2026/summer/beach\\.jpg$`))
    const items = jsonLines<AssetSummary>((await run(['ls', '--search', 'beach', '--json'])).out)
    expect(items).toMatchObject([{ id: photo.id, filename: 'beach.jpg', folder: '2026/summer' }])
    expect((await run(['ls', '/', '--tag', 'sea'])).out).toBe('No matching assets.')
    expect((await run(['ls', '--folders', '2026'])).out).toMatch(/^ASSETS +FOLDER\n1 +2026\/summer$/)
  })

  it('lists more than a page, and says when there are more', async () => {
    await Promise.all(Array.from({ length: 205 }, (_, index) => openUpload(`many-${index}.jpg`, { folder: 'many' })))
    const all = jsonLines<AssetSummary>((await run(['ls', 'many', '--all', '--json'])).out)
    expect(new Set(all.map(({ id }) => id)).size).toBe(205)
    const { out, err } = await run(['ls', 'many', '--limit', '201'])
    expect(out.split('\n')).toHaveLength(202)
    expect(err).toContain('--all')
  })

  it('shows a hostile name without its control characters', async () => {
    const { asset } = await openUpload('\u001b[2J\u009b31mgreen\u202egpj.exe.jpg', { folder: 'hostile' })
    for (const { out } of [await run(['ls', 'hostile']), await run(['ls', 'hostile', '--json'])]) {
      expect(out).toContain(asset.id)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    }
  })
})

describe('darkroom get', () => {
  it('downloads original and variant under names of their own, and replaces nothing unasked', async () => {
    const cwd = await folder()
    const { out, code } = await run(['get', photo.id], {}, { cwd })
    expect([code, out]).toEqual([0, expect.stringMatching(/beach\.jpg \(.* SHA-256 is right\)$/)])
    expect(sha256(await readFile(join(cwd, 'beach.jpg')))).toBe(sha256(PHOTO))
    const again = await run(['get', photo.id], {}, { cwd })
    expect([again.code, again.err]).toEqual([2, expect.stringMatching(/beach\.jpg exists\. Replace it with --force/)])
    await writeFile(join(cwd, 'beach.jpg'), 'mine')
    expect((await run(['get', photo.id, '--force'], {}, { cwd })).code).toBe(0)
    expect(sha256(await readFile(join(cwd, 'beach.jpg')))).toBe(sha256(PHOTO))
    const variant = photo.variants.find(({ status, url }) => status === 'ready' && url?.endsWith('.webp'))
    const name = variant?.name ?? ''
    const got = JSON.parse((await run(['get', photo.id, name, '--json'], {}, { cwd })).out)
    expect(got).toMatchObject({ id: photo.id, variant: name, file: join(cwd, `beach-${name}.webp`) })
    expect(sha256(await readFile(got.file))).toBe(variant?.sha256)
    expect((await readdir(cwd)).toSorted()).toEqual([`beach-${name}.webp`, 'beach.jpg'])
  })

  it('writes to standard output', async () => {
    const cwd = await folder()
    await run(['get', photo.id, '-o', 'there.jpg'], {}, { cwd })
    const bytes = await readFile(join(cwd, 'there.jpg'))
    const { out } = await run(['get', photo.id, '--output', '-'])
    // As text, of which the harness cuts spaces at both ends.
    expect(out).toBe(bytes.toString().trim())
  })

  it('goes on when the connection is lost, in the same run and in the next', async () => {
    const cwd = await folder()
    const original = { method: 'GET', key: 'originals/' }
    try {
      api.b2.faults.set({ match: original, kind: 'truncate', bytes: 10_000, times: 2 })
      expect(await run(['get', photo.id, '-o', 'a.jpg'], {}, { cwd })).toMatchObject({ code: 0 })
      api.b2.faults.set({ match: original, kind: 'truncate', bytes: 10_000, times: 1 })
      api.b2.faults.set({ match: original, kind: 'reset' })
      const lost = await run(['get', photo.id, '-o', 'b.jpg'], {}, { cwd })
      expect([lost.code, lost.err]).toEqual([3, expect.stringContaining('run the same command again')])
      await expect(stat(join(cwd, 'b.jpg'))).rejects.toThrow('ENOENT')
      api.b2.faults.clear()
      expect(await run(['get', photo.id, '-o', 'b.jpg'], {}, { cwd })).toMatchObject({ code: 0 })
    } finally {
      api.b2.faults.clear()
    }
    for (const name of ['a.jpg', 'b.jpg']) expect(sha256(await readFile(join(cwd, name)))).toBe(sha256(PHOTO))
    expect(await readdir(cwd)).toHaveLength(2)
  })

  it('never gives the final name to other bytes than the stored ones', async () => {
    const cwd = await folder()
    try {
      api.b2.faults.set({ match: { method: 'GET', key: 'originals/' }, kind: 'flip-byte', bytes: 1000 })
      const { code, err } = await run(['get', photo.id], {}, { cwd })
      expect([code, err]).toEqual([1, expect.stringContaining('its SHA-256 is different')])
    } finally {
      api.b2.faults.clear()
    }
    expect(await readdir(cwd)).toEqual([])
  })
})

describe('darkroom rm', () => {
  it('deletes, and says of each whether it could', async () => {
    const [one, two] = [await openUpload('one.jpg'), await openUpload('two.jpg')]
    const gone = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'
    const { code, out } = await run(
      ['rm', one.asset.id, gone, '-', '--json'],
      {},
      { input: `# a list\n\n${two.asset.id}\n` },
    )
    expect(jsonLines(out)).toEqual([
      { id: one.asset.id, outcome: 'deleted', code: null },
      { id: gone, outcome: 'failed', code: 'NOT_FOUND' },
      { id: two.asset.id, outcome: 'deleted', code: null },
    ])
    expect(code).toBe(8)
    const statusOf = async (id: string) =>
      (await fetch(`${api.url}/v1/assets/${id}`, { headers: { authorization: `Bearer ${key}` } })).status
    // Deleted by a worker soon after.
    await expect.poll(() => statusOf(two.asset.id)).toBe(410)
    expect((await run(['rm', gone])).code).toBe(5)
  })

  it('asks first in a terminal', async () => {
    const { asset } = await openUpload('kept.jpg')
    const terminal = startInTerminal(['rm', asset.id], env)
    await expect.poll(terminal.shown).toContain('Delete 1 asset with all files?')
    terminal.type('n\r')
    expect(await terminal.ended).toBe(130)
    expect(await request('GET', `/v1/assets/${asset.id}`)).toMatchObject({ status: 'awaiting_upload' })
  })

  it('asks in a terminal before it reads a list, too', async () => {
    const { asset } = await openUpload('typed.jpg')
    const terminal = startInTerminal(['rm', '-'], env)
    await expect.poll(terminal.shown).toContain('Delete all assets that you list now, with all files?')
    terminal.type('y\r')
    await expect.poll(terminal.shown).toMatch(/y\s+$/)
    terminal.type(`${asset.id}\r`)
    await expect.poll(terminal.shown).toContain(`deleted   ${asset.id}`)
    terminal.type('\u0004')
    expect(await terminal.ended).toBe(0)
  })
})

describe('darkroom import', () => {
  /** A website with any number of photos under /photos, and nothing elsewhere. */
  const site = useResource(
    async () => {
      const server = createServer(({ url }, response) => {
        if (!url?.startsWith('/photos/')) return response.writeHead(404).end()
        return response.writeHead(200, { 'content-type': 'image/jpeg' }).end(PHOTO)
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
    },
    async ({ server }) => server.close(),
  )
  /** The API, with answers of its own in between. */
  const proxy = useResource(
    () => startHttpProxy(api.url),
    ({ close }) => close(),
  )
  const state = async () => ({ XDG_STATE_HOME: await folder() })
  const assetsIn = async (name: string) =>
    (await request<AssetPage>('GET', `/v1/assets?folder=${name}&limit=200&view=basic`)).items as AssetSummary[]

  it('imports URLs and lists, waits until they are processed, and says of each what came of it', async () => {
    const cwd = await folder()
    const lines = [
      '# of the old shop',
      `${site.url}/photos/one.jpg?signature=secret`,
      '',
      JSON.stringify({ url: `${site.url}/photos/2.jpg`, filename: 'two.jpg', externalId: 'two', folder: 'imported/b' }),
      `${site.url}/nothing.jpg`,
      '{"no": "url"}',
      'http://10.0.0.1/private.jpg',
    ]
    await writeFile(join(cwd, 'list.txt'), lines.join('\n'))
    const args = [
      'import',
      'list.txt',
      `${site.url}/photos/three.jpg`,
      '--folder',
      'imported',
      '--tag',
      'old',
      '--tag',
      'shop',
    ]
    const where = await state()
    const first = await run([...args, '--wait', '--json'], where, { cwd })
    expect(first.code).toBe(8)
    const outcomes = new Map(jsonLines<Line>(first.out).map(line => [line.url.split('/').at(-1), line]))
    expect(Object.fromEntries([...outcomes].map(([name, { outcome, code }]) => [name, [outcome, code]]))).toEqual({
      'one.jpg?signature=secret': ['ready', null],
      '2.jpg': ['ready', null],
      'three.jpg': ['ready', null],
      'nothing.jpg': ['failed', 'IMPORT_NOT_FOUND'],
      'private.jpg': ['refused', 'URL_NOT_ALLOWED'],
      '{"no": "url"}': ['refused', 'INVALID_REQUEST'],
    })
    expect(await assetsIn('imported/b')).toMatchObject([
      { filename: 'two.jpg', externalId: 'two', tags: ['old', 'shop'] },
    ])
    expect((await assetsIn('imported')).map(({ filename }) => filename).toSorted()).toEqual([
      'nothing.jpg',
      'one.jpg',
      'three.jpg',
    ])
    // Once more: only what failed is tried again.
    const second = await run(args, where, { cwd })
    expect(second.err).toMatch(/^1 import started, 3 earlier, 2 failed\.$/m)
    expect(second.out).not.toContain('secret')
    // On another machine, the ids of the list tell what is there.
    const elsewhere = await run(['import', '-', '--json'], await state(), { input: lines[3] })
    expect(jsonLines(elsewhere.out)).toMatchObject([{ outcome: 'earlier', assetId: null }])
  })

  it('imports each file once when it is killed again and again, at the rate that the API asks for', async () => {
    const urls = Array.from({ length: 40 }, (_, index) => `${site.url}/photos/${index}.jpg`)
    const cwd = await folder()
    await writeFile(join(cwd, 'urls.txt'), urls.join('\n'))
    const where = { ...env, ...(await state()), DARKROOM_URL: proxy.url }
    const args = ['import', 'urls.txt', '--folder', 'killed', '--at-once', '2']
    let posts = 0
    proxy.setChanges({
      instead({ method, url }) {
        if (method !== 'POST' || url !== '/v1/imports') return undefined
        posts += 1
        if (posts % 10 !== 0) return undefined
        const body = JSON.stringify({ code: 'RATE_LIMITED', detail: 'Later.', requestId: 'x', status: 429 })
        return { status: 429, headers: { 'content-type': 'application/problem+json', 'retry-after': '1' }, body }
      },
    })
    for (const lines of [3, 7]) await killAfter(lines, args, where, cwd)
    expect(await run(args, where, { cwd })).toMatchObject({ code: 0 })
    const names = (await assetsIn('killed')).map(({ filename }) => filename)
    expect(names.toSorted()).toEqual(urls.map(url => url.split('/').at(-1)).toSorted())
    expect(posts).toBeGreaterThan(40)
  })

  it('ends at Ctrl-C, and says how to go on', async () => {
    const where = { ...env, ...(await state()), DARKROOM_URL: proxy.url }
    const busy = JSON.stringify({ code: 'RATE_LIMITED', detail: 'Later.', requestId: 'x', status: 429 })
    let isAsked = false
    proxy.setChanges({
      instead({ method }) {
        isAsked ||= method === 'POST'
        return method === 'POST' ? { status: 429, headers: { 'retry-after': '60' }, body: busy } : undefined
      },
    })
    const terminal = startInTerminal(['import', `${site.url}/photos/never.jpg`], where)
    await expect.poll(() => isAsked).toBe(true)
    terminal.type('\u0003')
    expect(await terminal.ended).toBe(130)
    expect(terminal.shown()).toContain('Run the same command again')
  })

  it('ends at once when it is asked to wait for longer than anybody would', async () => {
    const body = JSON.stringify({ code: 'RATE_LIMITED', detail: 'Later.', requestId: 'x', status: 429 })
    proxy.setChanges({ instead: () => ({ status: 429, headers: { 'retry-after': '3000000' }, body }) })
    const ran = await run(['import', 'http://127.0.0.1/a.jpg'], { ...(await state()), DARKROOM_URL: proxy.url })
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('RATE_LIMITED')])
  })

  it.each([
    ['a list that is not there', 2, ['import', 'nothing.txt'], /nothing\.txt is neither a URL nor a list of them/],
    ['a URL that is not allowed', 6, ['import', 'http://10.0.0.1/a.jpg'], /1 failed/],
    ['a preset that is not there', 2, ['import', 'http://127.0.0.1/a.jpg', '--preset', 'nothing'], /1 failed/],
  ])('ends for %s with exit code %i', async (_, code, args, message) => {
    const ran = await run(args, await state())
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(message)])
  })
})

interface Line {
  url: string
  outcome: string
  code: string | null
}

/** Kills a command when it has printed so many lines. */
async function killAfter(lines: number, args: string[], where: Record<string, string>, cwd: string): Promise<void> {
  const child = startCommand(args, where, { cwd })
  let out = ''
  child.stdout.on('data', chunk => (out += chunk))
  await expect.poll(() => out.split('\n').length, { interval: 5 }).toBeGreaterThan(lines)
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe('darkroom upload', () => {
  const state = async () => ({ XDG_STATE_HOME: await folder() })
  const storedIn = async (name: string) =>
    (await request<AssetPage>('GET', `/v1/assets?folder=${name}&limit=200&view=basic`)).items as AssetSummary[]

  it('uploads files and folders once, waits until they are processed, and says of each what came of it', async () => {
    const cwd = await folder()
    await mkdir(join(cwd, 'photos/beach'), { recursive: true })
    const files = ['photos/one.jpg', 'photos/beach/two.jpg', 'three.jpg', 'photos/.hidden.jpg']
    for (const file of files) await writeFile(join(cwd, file), PHOTO)
    await writeFile(join(cwd, 'photos/program.exe'), 'MZ')
    const args = ['upload', 'photos/', 'three.jpg', '--folder', 'up', '--tag', 'sea']
    const where = await state()
    const first = await run([...args, '--wait', '--json'], where, { cwd })
    const lines = jsonLines<{ file: string; outcome: string; code: string | null }>(first.out)
    expect(lines.map(({ file, outcome, code }) => [file, outcome, code]).toSorted()).toEqual([
      ['photos/beach/two.jpg', 'ready', null],
      ['photos/one.jpg', 'ready', null],
      ['photos/program.exe', 'refused', 'UNSUPPORTED_TYPE'],
      ['three.jpg', 'ready', null],
    ])
    expect([first.code, first.err]).toEqual([8, '3 uploads started, 0 earlier, 1 failed.'])
    expect(await storedIn('up/beach')).toMatchObject([{ filename: 'two.jpg', tags: ['sea'], sha256: sha256(PHOTO) }])
    const [two] = await storedIn('up/beach')
    // Once more: only what was changed or deleted.
    await writeFile(join(cwd, 'three.jpg'), Buffer.concat([PHOTO, Buffer.from('changed')]))
    await run(['rm', two?.id ?? ''])
    expect((await run(args, where, { cwd })).err).toBe('2 uploads started, 1 earlier, 1 failed.')
    expect((await storedIn('up')).map(({ filename }) => filename).toSorted()).toEqual([
      'one.jpg',
      'three.jpg',
      'three.jpg',
    ])
  })

  it('does not upload twice what was confirmed when it was killed', async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'once.jpg'), Buffer.concat([PHOTO, Buffer.from('once')]))
    const args = ['upload', 'once.jpg', '--folder', 'once', '--json']
    const where = { ...env, ...(await state()) }
    const preload = join(import.meta.dirname, 'killed-when-confirmed.mjs')
    const killed = startCommand(args, { ...where, NODE_OPTIONS: `--import ${preload}` }, { cwd })
    expect(await once(killed, 'close')).toEqual([null, 'SIGKILL'])
    const [stored] = await storedIn('once')
    const again = await run(args, where, { cwd })
    expect(jsonLines(again.out)).toMatchObject([{ outcome: 'earlier', assetId: stored?.id }])
    expect(await storedIn('once')).toHaveLength(1)
  })

  it('uploads standard input', async () => {
    const { code } = await run(['upload', '-', '--name', 'note.txt', '--folder', 'piped'], await state(), {
      input: 'words',
    })
    expect(code).toBe(0)
    expect(await storedIn('piped')).toMatchObject([{ filename: 'note.txt', byteSize: 5, sha256: null }])
    expect((await run(['upload', '-'], await state())).code).toBe(2)
  })

  it('shows progress in a terminal, and ends at Ctrl-C while the store is silent', async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'slow.jpg'), PHOTO)
    try {
      api.b2.faults.set({ match: { method: 'PUT', key: 'uploads/' }, kind: 'hang' })
      const where = { ...env, ...(await state()) }
      const terminal = startInTerminal(['upload', 'slow.jpg', '--folder', 'slow'], where, { cwd })
      await expect.poll(terminal.shown).toMatch(/slow\.jpg .* uploading/)
      terminal.type('\u0003')
      expect(await terminal.ended).toBe(130)
      expect(terminal.shown()).toContain('Run the same command again')
      api.b2.faults.clear()
      expect(await run(['upload', 'slow.jpg', '--folder', 'slow'], where, { cwd })).toMatchObject({ code: 0 })
    } finally {
      api.b2.faults.clear()
    }
    expect(await storedIn('slow')).toHaveLength(1)
  })

  it.each([
    ['a file that is not there', 2, ['upload', 'nothing.jpg'], /nothing\.jpg cannot be read/],
    ['a wrong key', 4, ['upload', import.meta.filename], /not a valid API key/],
  ])('ends for %s with exit code %i', async (_, code, args, message) => {
    const ran = await run(args, { ...(await state()), ...(code === 4 && { DARKROOM_KEY: 'dk_wrong' }) })
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(message)])
  })
})

describe('darkroom open', () => {
  it('opens the page of an asset with the browser of the desktop', async () => {
    const cwd = await folder()
    const bin = join(cwd, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'browser'), `#!/bin/sh\necho "$1" > ${cwd}/opened\n`)
    await chmod(join(bin, 'browser'), 0o755)
    const url = `${api.url}/operations/assets/${photo.id}`
    const { code, out } = await run(['open', photo.id], { BROWSER: join(bin, 'browser') })
    expect([code, out]).toEqual([0, url])
    await expect.poll(() => readFile(join(cwd, 'opened'), 'utf8').catch(() => '')).toBe(`${url}\n`)
    expect((await run(['open', '--print'])).out).toBe(`${api.url}/`)
    const variant = photo.variants.find(({ status }) => status === 'ready')
    const shown = await run(['open', photo.id, variant?.name ?? '', '--print'])
    expect(sha256(await (await fetch(shown.out)).bytes())).toBe(variant?.sha256)
    expect((await run(['open', 'nothing'])).code).toBe(5)
  })
})

describe('darkroom login', () => {
  const withoutKey = { DARKROOM_URL: '', DARKROOM_KEY: '' }
  const configOf = async () => ({ XDG_CONFIG_HOME: await folder() })

  it('checks a key from standard input, and keeps it where only its owner reads it', async () => {
    const config = await configOf()
    const { code, out } = await run(['login', `${api.url}/`], { ...withoutKey, ...config }, { input: `${key}\n` })
    expect([code, out]).toEqual([0, expect.stringContaining(`Logged in to ${api.url} as profile "default"`)])
    expect(out).not.toContain(key)
    const file = join(config.XDG_CONFIG_HOME, 'darkroom/profiles.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      current: 'default',
      profiles: { default: { url: api.url, key } },
    })
    expect((await run(['ls', '--search', 'beach'], { ...withoutKey, ...config })).out).toContain(photo.id)
    // The key of one installation is not sent to another.
    const elsewhere = await run(['ls'], { ...withoutKey, ...config, DARKROOM_URL: 'https://media.example.com' })
    expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringMatching(/^DARKROOM_KEY: is missing/)])
    // The environment goes before the login.
    expect((await run(['ls'], { ...withoutKey, ...config, DARKROOM_KEY: 'dk_wrong' })).code).toBe(4)
  })

  it('keeps several, of which each command can name one', async () => {
    const config = { ...withoutKey, ...(await configOf()) }
    await run(['login', api.url, '--profile', 'shop'], config, { input: key })
    await run(['--profile', 'other', 'login', api.url], config, { input: key })
    const listed = await run(['profiles', 'list'], config)
    expect(listed.out).toMatch(/^PROFILE .*\nshop .*\nother .*yes$/)
    expect(listed.out).not.toContain(key)
    expect((await run(['profiles', 'use', 'shop'], config)).code).toBe(0)
    expect((await run(['logout'], config)).out).toContain('profile "shop" is deleted')
    expect((await run(['--profile', 'shop', 'ls'], config)).err).toMatch(/no profile "shop" \(there are: other\)/)
    // Whatever the environment says.
    const named = await run(['ls', '--profile', 'other', '--search', 'beach'], { ...config, DARKROOM_KEY: 'dk_wrong' })
    expect([named.code, named.out]).toEqual([0, expect.stringContaining(photo.id)])
  })

  it('asks in a terminal, without showing the key', async () => {
    const config = { ...withoutKey, ...(await configOf()) }
    const terminal = startInTerminal(['login', api.url], { ...env, ...config })
    await expect.poll(terminal.shown).toContain(`API key for ${api.url}: `)
    terminal.type(`${key}\r`)
    expect(await terminal.ended).toBe(0)
    expect(terminal.shown()).toContain('Logged in')
    expect(terminal.shown()).not.toContain(key.slice(12))
  })

  it.each([
    ['a wrong key', 4, () => [api.url], 'dk_wrongkey', /does not accept this API key/],
    ['what is no key', 2, () => [api.url], 'hunter2', /begins with dk_/],
    ['no key', 2, () => [api.url], '', /No API key was given/],
    ['no URL', 2, () => ['media'], 'dk_x', /is not the URL of an API/],
    ['what is no Darkroom', 3, () => [api.b2.url], 'dk_x', /no Darkroom API/],
    ['no answer', 3, () => ['http://127.0.0.1:1'], 'dk_x', /No response/],
  ])('stores nothing for %s', async (_, code, args, input, message) => {
    const config = await configOf()
    const ran = await run(['login', ...args()], { ...withoutKey, ...config }, { input })
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(message)])
    expect(await readdir(config.XDG_CONFIG_HOME)).toEqual([])
  })
})
