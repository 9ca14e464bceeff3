import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import { LOCAL_KEY } from './harness/client.ts'
import type { Asset, AssetPage } from './harness/contract.ts'
import { REPO_ROOT, type Service } from './harness/darkroom.ts'
import { eventually } from './harness/eventually.ts'
import { followGuide, runGuide } from './harness/guide.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'
import { freePort } from './harness/ports.ts'
import { putPastApi } from './harness/store-client.ts'

const POLL = { withinMs: 90_000 }

let installation: Installation
let env: Record<string, string>
const running = new Set<Service>()
beforeAll(async () => {
  installation = await install()
  env = { DARKROOM_URL: installation.darkroom.url, DARKROOM_KEY: LOCAL_KEY }
})
afterAll(async () => {
  for (const service of running) await service.killAll()
  if (installation) await uninstall(installation)
})

/** A server of a guide, on a port of its own, once it says that it listens. */
async function serve(folder: string, file: string, more: Record<string, string> = {}): Promise<string> {
  const port = await freePort()
  const service = runGuide(folder, file, { ...env, ...more, PORT: String(port) })
  running.add(service)
  await service.line(new RegExp(`${port}$`, 'm'))
  return `http://localhost:${port}`
}

const follow = (name: string) => followGuide(name, installation.home.folder)

async function uploadReady(bytes: Uint8Array<ArrayBuffer>): Promise<Asset> {
  const { asset } = await installation.client.upload(jpegFile('photo.jpg', bytes))
  return installation.client.settled(asset.id)
}

describe.skipIf(!hasChromium())('the first integration', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  it('takes a photo from a page to its smallest image, and its server has seen it', async () => {
    const { folder } = await follow('first-integration')
    const url = await serve(folder, 'server.mjs')
    const { page, context, complaints } = await openPage(browser, `${url}/`, LOOKS[0])
    const buffer = Buffer.from(await madePhoto({ width: 1200, height: 900 }))
    const kept = page.waitForResponse(response => response.url().endsWith('/photos'))
    await page.setInputFiles('input', { name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
    expect(await (await kept).json()).toMatchObject({ status: 'ready', sha256: expect.any(String) })
    await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 0)
    expect(await page.textContent('[role=status]')).toBe('ready, 100 %')
    expect(await page.evaluate(() => document.characterSet)).toBe('UTF-8')
    expect(complaints).toEqual([])
    expect(await page.content()).not.toContain(LOCAL_KEY)

    await page.setInputFiles('input', { name: 'x.exe', mimeType: 'application/x-msdownload', buffer })
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent?.includes('type'))
    await context.close()
  })

  it('does not take the id of somebody else’s upload', async () => {
    const { asset } = await installation.client.create(
      jpegFile('other.jpg', await madePhoto({ width: 64, height: 64 })),
    )
    const folder = `${installation.home.folder}/first-integration`
    const url = await serve(folder, 'server.mjs')
    const answer = await fetch(`${url}/photos`, { method: 'POST', body: JSON.stringify({ assetId: asset.id }) })
    expect(answer.status).toBe(404)
  })
})

describe('the guide of the SDK', () => {
  it('has a server that creates uploads for a browser, and a script that uploads each file once', async () => {
    const { folder } = await follow('use-the-sdk')
    const url = await serve(folder, 'server.ts')
    const post = (path: string, body: object) => fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    const photo = { filename: 'a.jpg', contentType: 'image/jpeg', byteSize: 1000 }
    const answer = await post('/api/uploads', { ...photo, folder: 'not/theirs' })
    const created = (await answer.json()) as { asset: Asset & { folder: string }; clientToken: string }
    expect([answer.status, created.asset.folder]).toEqual([201, ''])
    expect(created.clientToken).toMatch(/^dt_/)
    const kept = await post('/api/photos', { assetId: created.asset.id })
    expect(await kept.json()).toEqual({ id: created.asset.id, status: 'awaiting_upload' })
    const refused = await post('/api/uploads', { ...photo, filename: 'x.exe', contentType: 'application/x-msdownload' })
    expect([refused.status, await refused.json()]).toMatchObject([415, { code: 'UNSUPPORTED_TYPE' }])

    await writeFile(join(folder, 'sea.jpg'), await madePhoto({ width: 300, height: 200, hue: 200 }))
    const run = async () => {
      const script = runGuide(folder, 'upload-files.ts', { ...env, XDG_STATE_HOME: folder }, join(folder, 'sea.jpg'))
      return { code: await script.exited, output: script.output() }
    }
    expect(await run()).toEqual({ code: 0, output: expect.stringMatching(/sea\.jpg \S+ ready$/m) })
    expect(await run()).toEqual({ code: 0, output: expect.stringContaining('is there already') })
  })
})

describe('private media', () => {
  const setPrivate = async (isPrivate: boolean) => {
    const { request } = installation.client
    const { body } = await request<{ items: { id: string }[] }>('GET', '/v1/admin/projects')
    const answer = await request('PATCH', `/v1/admin/projects/${body.items[0]?.id}`, { json: { isPrivate } })
    expect(answer.status).toBe(200)
  }

  it('is shown to who has a session, with URLs that work without a key', async () => {
    await setPrivate(true)
    try {
      const asset = await uploadReady(await madePhoto({ width: 1200, height: 900, hue: 90 }))
      const { folder } = await follow('private-media')
      const url = await serve(folder, 'show.mjs')
      expect((await fetch(`${url}/media/${asset.id}`)).status).toBe(404)
      const page = await fetch(`${url}/media/${asset.id}`, { headers: { cookie: 'session=1' } })
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const html = await page.text()
      const urls = [...html.matchAll(/http:[^ "]+/g)].map(([found]) => found)
      expect(urls.length).toBeGreaterThan(2)
      for (const each of urls) {
        expect(each).toContain('/v/')
        expect((await fetch(each)).headers.get('content-type')).toMatch(/^image\//)
      }
      for (const { url: withKey } of asset.variants) expect((await fetch(withKey)).status).toBe(401)
    } finally {
      await setPrivate(false)
    }
  })
})

describe('moderation', () => {
  it('approves what is allowed, takes down what is not, and believes nobody but Darkroom', async () => {
    const { request, readAsset, upload } = installation.client
    const { folder } = await follow('moderation')
    const secret = `whsec_${randomBytes(32).toString('base64')}`
    const strange = await serve(folder, 'moderator.mjs', { DARKROOM_WEBHOOK_SECRET: secret })
    const port = await freePort()
    const events = ['asset.ready', 'asset.partial']
    const made = await request<{ secret: string }>('POST', '/v1/webhooks', {
      json: { url: `http://localhost:${port}/`, events },
    })
    expect(made.status).toBe(201)
    const more = { DARKROOM_WEBHOOK_SECRET: made.body.secret, PORT: String(port) }
    const moderator = runGuide(folder, 'moderator.mjs', { ...env, ...more })
    running.add(moderator)
    await moderator.line(/^listening/m)

    const black = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#010101' } })
      .jpeg()
      .toBuffer()
    const bad = jpegFile('black.jpg', new Uint8Array(black))
    const [good, refused] = [
      await upload(jpegFile('good.jpg', await madePhoto({ width: 900, height: 700 }))),
      await upload(bad),
    ]
    await eventually(
      'approval',
      () => readAsset(good.asset.id),
      asset => tagsOf(asset).includes('approved'),
      POLL,
    )
    const statusOf = async (id: string) => (await request('GET', `/v1/assets/${id}`)).status
    await eventually(
      'takedown',
      () => statusOf(refused.asset.id),
      status => status === 410,
      POLL,
    )
    expect((await request<AssetPage>('GET', '/v1/assets?tag=approved')).body.items.map(({ id }) => id)).toEqual([
      good.asset.id,
    ])
    const again = await upload(bad)
    expect((await installation.client.settled(again.asset.id)).error?.code).toBe('CONTENT_BLOCKED')

    // The same message, signed with a secret that is not the receiver's.
    const victim = JSON.stringify({
      type: 'asset.ready',
      timestamp: new Date().toISOString(),
      data: { assetId: good.asset.id },
    })
    const forged = (to: string, key: string) => {
      const [id, time] = ['msg_1', String(Math.floor(Date.now() / 1000))]
      const mac = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
        .update(`${id}.${time}.${victim}`)
        .digest('base64')
      const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${mac}` }
      return fetch(to, { method: 'POST', headers, body: victim }).then(({ status }) => status)
    }
    expect(await forged(`http://localhost:${port}/`, secret)).toBe(400)
    expect(await forged(strange, secret)).toBe(204)
  })
})

describe('the migration of a bucket', () => {
  const FILES = 12

  it('uploads each file once, however often it is killed and run again', async () => {
    const { store, client, home } = installation
    for (let n = 0; n < FILES; n++) {
      const bytes = await madePhoto({ width: 300, height: 200 + n, hue: n * 20 })
      await putPastApi(store, `/darkroom-public/old/2019/photo-${n}.jpg`, bytes)
    }
    const { folder } = await followGuide('migrate-a-bucket', home.folder)
    const from = {
      SOURCE_BUCKET: 'darkroom-public',
      SOURCE_PREFIX: 'old/',
      SOURCE_ENDPOINT: store.endpoint,
      AT_ONCE: '2',
      SOURCE_REGION: store.region,
      AWS_ACCESS_KEY_ID: store.keyId,
      AWS_SECRET_ACCESS_KEY: store.applicationKey,
    }
    const migrated = async () =>
      (await client.list('?folder=old/2019&limit=200')).items.filter(({ status }) => status !== 'deleting')
    const run = () => runGuide(folder, 'migrate.mjs', { ...env, ...from })

    const first = run()
    await eventually('some uploads', migrated, items => items.length >= 3, { ...POLL, everyMs: 20 })
    await first.killAll()
    expect((await migrated()).length).toBeLessThan(FILES)

    const second = run()
    expect({ code: await second.exited, output: second.output() }).toMatchObject({ code: 0 })
    const third = run()
    expect(await third.exited).toBe(0)
    expect(JSON.parse(third.output())).toEqual({ uploaded: 0, 'there already': FILES, failed: 0 })

    const items = await eventually('all ready', migrated, all => all.every(({ status }) => status === 'ready'), POLL)
    expect(items.map(({ filename }) => filename).toSorted()).toEqual(
      Array.from({ length: FILES }, (_, n) => `photo-${n}.jpg`).toSorted(),
    )
    expect((await client.list(`?externalId=${encodeURIComponent('old/2019/photo-3.jpg')}`)).items).toHaveLength(1)
  })

  it('says what is refused and goes on with the rest', async () => {
    const { store } = installation
    await putPastApi(store, '/darkroom-public/odd/empty.jpg', new Uint8Array())
    await putPastApi(store, '/darkroom-public/odd/fine.jpg', await madePhoto({ width: 90, height: 90, hue: 300 }))
    const folder = `${installation.home.folder}/migrate-a-bucket`
    const odd = runGuide(folder, 'migrate.mjs', {
      ...env,
      SOURCE_BUCKET: 'darkroom-public',
      SOURCE_PREFIX: 'odd/',
      SOURCE_ENDPOINT: store.endpoint,
      SOURCE_REGION: store.region,
      AWS_ACCESS_KEY_ID: store.keyId,
      AWS_SECRET_ACCESS_KEY: store.applicationKey,
    })
    expect(await odd.exited).toBe(1)
    expect(odd.output()).toContain('"uploaded":1,"there already":0,"failed":1')
    expect(odd.output()).toMatch(/odd\/empty\.jpg: EMPTY_FILE/)
  })
})

it('every link of a guide leads to a file', async () => {
  const guides = join(REPO_ROOT, 'docs/how-to')
  const missing: string[] = []
  for (const name of (await readdir(guides)).filter(file => file.endsWith('.md'))) {
    const text = await readFile(join(guides, name), 'utf8')
    const targets = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    missing.push(...targets.filter(target => !existsSync(join(guides, target))).map(target => `${name}: ${target}`))
  }
  expect(missing).toEqual([])
})

const tagsOf = (asset: Asset & { tags?: string[] }): string[] => asset.tags ?? []
