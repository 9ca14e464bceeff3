import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Canary,
  listenToRedis,
  type SlowClients,
  sendJsonOf,
  slowClients,
  startCanary,
} from './harness/attackers.ts'
import { LOCAL_KEY } from './harness/client.ts'
import type { Asset, Problem } from './harness/contract.ts'
import { eventually } from './harness/eventually.ts'
import { hostileFiles, TAILS } from './harness/hostile.ts'
import {
  type Installation,
  install,
  isRunFile,
  MOST_MEDIA_PROCESSES,
  mediaProcesses,
  uninstall,
} from './harness/installation.ts'
import { eachOf, type Outcome, outcomeOf } from './harness/outcome.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'
import { freePort } from './harness/ports.ts'
import { type Redis, startRedis } from './harness/redis.ts'
import { storedVersions } from './harness/store-client.ts'
import { hasTool } from './harness/tools.ts'

const SLOW_CLIENTS = 200
/** 30 s for a request, looked at every 30 s. */
const SLOW_END_MS = 75_000
const NAME_CANARY = 'Canary-Name-4711'
const EXIF_CANARY = 'canary-artist-4711'
const POSITION_CANARY = '4711/100'
const CODES = hostileFiles('').map(({ what, code }) => ({ what, code }))

describe('hostile files and clients', () => {
  let installation: Installation
  let redis: Redis | undefined
  let queue: Awaited<ReturnType<typeof listenToRedis>> | undefined
  let canary: Canary
  let slow: SlowClients
  let photo: Uint8Array<ArrayBuffer>
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    canary = await startCanary()
    photo = await madePhoto({ width: 400, height: 300 })
    if (hasTool('redis-server', 'redis-server')) {
      redis = await startRedis(await freePort())
      queue = await listenToRedis(redis.url)
    }
    installation = await install({ LOG_LEVEL: 'debug', ...(redis && { REDIS_URL: redis.url }) })
    slow = await slowClients(installation.home.port, SLOW_CLIENTS)
    await eachOf(hostileFiles(canary.url), 4, async file => {
      const name = `${NAME_CANARY}-${file.name}`
      outcomes.set(file.what, await outcomeOf(installation.client, { ...file, name }))
    })
  })
  afterAll(async () => {
    slow?.close()
    canary?.close()
    queue?.close()
    if (installation) await uninstall(installation)
    await redis?.stop()
  })

  const allVersions = async () =>
    (
      await Promise.all(['darkroom', 'darkroom-public'].map(bucket => storedVersions(installation.store, bucket)))
    ).flat()

  it.each(CODES)('$what is refused: $code', ({ what, code }) => {
    const { code: actual, asset } = outcomes.get(what) ?? {}
    expect(actual).toMatch(code)
    if (asset) expect(asset.error).toMatchObject({ retryable: false, message: expect.stringMatching(/\w+ \w+/) })
  })

  it('a file without bytes is refused at once', async () => {
    const empty = { name: 'empty.jpg', contentType: 'image/jpeg', bytes: new Uint8Array() }
    expect(await outcomeOf(installation.client, empty)).toEqual({ code: 'EMPTY_FILE', asset: null })
  })

  it('nothing that was refused is published', async () => {
    expect(await storedVersions(installation.store, 'darkroom-public')).toEqual([])
    expect(await storedVersions(installation.store, 'darkroom', 'originals/')).toEqual([])
  })

  it('no address in a file was visited', async () => {
    expect(canary.hits).toEqual([])
    await fetch(canary.url)
    expect(canary.hits).toEqual(['/canary'])
  })

  it('the next good photo is processed while slow clients hold their connections', async () => {
    expect(slow.stillOpen()).toBeGreaterThan(0)
    expect((await outcomeOf(installation.client, jpegFile('good.jpg', photo))).code).toBe('ready')
  })

  it.each(Object.keys(TAILS))(
    'what follows a photo as %s is in no variant, and its original is a download',
    async kind => {
      const bytes = new Uint8Array(Buffer.concat([photo, TAILS[kind] ?? new Uint8Array()]))
      const { asset } = await outcomeOf(installation.client, jpegFile('tail.jpg', bytes))
      expect(asset).toMatchObject({ status: 'ready' })
      for (const { url, name } of asset?.variants ?? []) {
        const { body } = await installation.client.download(url)
        expect(Buffer.from(body).includes('tail-canary'), name).toBe(false)
      }
      const headers = await downloadHeaders(asset)
      expect(headers.get('content-disposition')).toMatch(/^attachment/)
      expect(headers.get('content-type')).toBe('image/jpeg')
    },
  )

  async function downloadHeaders(asset: Asset | null): Promise<Headers> {
    const redirect = await installation.client.request('GET', asset?.original?.downloadUrl ?? '')
    expect(redirect.status).toBe(302)
    return (await installation.client.download(redirect.headers.get('location') ?? '')).headers
  }

  it.each([
    ['a path', '../../etc/passwd', 'passwd'],
    ['a path from the root', '/etc/passwd', 'passwd'],
    ['a path that is encoded', '%2e%2e%2fother%2fx.jpg', '%2e%2e%2fother%2fx.jpg'],
    ['a path of Windows', 'C:\\Users\\ann\\photo.jpg', 'photo.jpg'],
    ['a name that turns around', 'photo\u202Egpj.exe', 'photogpj.exe'],
    ['a device of Windows', 'con.jpg', 'con.jpg'],
    ['a setting of a web server', '.htaccess', '.htaccess'],
    ['a header', 'a"\r\nSet-Cookie: x=1.jpg', 'a"Set-Cookie: x=1.jpg'],
    ['nothing but a place', '..', 'file'],
    ['a very long name', `${'ä'.repeat(400)}.jpg`, `${'ä'.repeat(125)}.jpg`],
  ])('%s as file name is cleaned, and is in no key', async (_, given, clean) => {
    const { asset, upload } = await installation.client.create(jpegFile(given, photo))
    expect(asset.filename).toBe(clean)
    expect(Buffer.byteLength(asset.filename)).toBeLessThanOrEqual(255)
    expect(new URL(upload.url).pathname).toMatch(/^\/darkroom\/uploads\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/[\w-]+$/)
    expect((await installation.client.request('DELETE', `/v1/uploads/${upload.id}`)).status).toBe(204)
  })

  it('a file name with a zero byte is refused', async () => {
    const json = { filename: 'a\0b.png', contentType: 'image/png', byteSize: 10 }
    const { status, body } = await installation.client.request<Problem>('POST', '/v1/uploads', { json })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' })
  })

  it('a file name cannot add a header to a download', async () => {
    const { asset } = await outcomeOf(installation.client, jpegFile('a"\r\nSet-Cookie: x=1.jpg', photo))
    const headers = await downloadHeaders(asset)
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="a\\"Set-Cookie: x=1\.jpg"/)
  })

  it.each([
    ['a prototype', '{"filename":"a.jpg","contentType":"image/jpeg","byteSize":10,"__proto__":{"isAdmin":true}}'],
    [
      'a constructor',
      '{"filename":"a.jpg","contentType":"image/jpeg","byteSize":10,"metadata":{"constructor":{"prototype":{"x":1}}}}',
    ],
  ])('JSON that sets %s is refused', async (_, body) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await installation.client.request<Problem>('POST', '/v1/uploads', { body, headers })
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' })
  })

  it.each([true, false])('100 MB of JSON are refused with 413 (length said first: %s)', async isSaid => {
    const url = `${installation.client.url}/v1/uploads`
    expect(await sendJsonOf(url, { byteSize: 100_000_000, isSaid, key: LOCAL_KEY })).toBe(413)
  })

  it('asking for other sizes makes nothing', async () => {
    const { asset } = await outcomeOf(installation.client, jpegFile('sizes.jpg', photo))
    const before = await storedVersions(installation.store, 'darkroom-public')
    const paths = Array.from({ length: 50 }, (_, n) => `/v1/assets/${asset?.id}/download?variant=w${n + 1}`)
    for (const path of paths) expect((await installation.client.request('GET', path)).status).toBe(404)
    expect(await storedVersions(installation.store, 'darkroom-public')).toEqual(before)
    expect(await installation.client.readAsset(asset?.id ?? '')).toMatchObject({ revision: asset?.revision })
  })

  it('position and author of a photo are in no fact and in no variant', async () => {
    const latitude = `48/1 8/1 ${POSITION_CANARY}`
    const exif = { IFD0: { Artist: EXIF_CANARY }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: latitude } }
    const located = new Uint8Array(await sharp(photo).withExif(exif).jpeg().toBuffer())
    const { asset } = await outcomeOf(installation.client, jpegFile(`${NAME_CANARY}.jpg`, located))
    expect(asset).toMatchObject({ status: 'ready' })
    expect(JSON.stringify(asset?.facts)).not.toMatch(/gps|latitude|48/i)
    for (const { url, name } of asset?.variants ?? []) {
      const { exif, xmp, iptc } = await sharp((await installation.client.download(url)).body).metadata()
      expect({ name, exif, xmp, iptc }).toEqual({ name })
    }
  })

  const secrets = () => [NAME_CANARY, EXIF_CANARY, POSITION_CANARY, 'localsecret', 'alert(document.domain)']

  it('logs hold no file name, no position, no key and no signature', () => {
    const output = installation.darkroom.output()
    expect(output).toMatch(/"level":(20|30|40)/)
    expect(secrets().filter(secret => output.includes(secret))).toEqual([])
    expect(output).not.toMatch(/X-Amz-Signature=[0-9a-f]{16}/i)
  })

  it('the queue holds no file name, no position, no key and no signature', async context => {
    if (!queue) return context.skip('there is no redis-server')
    const heard = queue.heard()
    expect(heard.length).toBeGreaterThan(1000)
    expect(secrets().filter(secret => heard.includes(secret))).toEqual([])
    expect(heard).not.toMatch(/X-Amz-Signature/i)
  })

  it('no temporary file and no process is left', async () => {
    expect(installation.home.temporaryFiles().filter(isRunFile)).toEqual([])
    const count = () => mediaProcesses(installation)
    const isFew = (found: number) => found <= MOST_MEDIA_PROCESSES
    await eventually('no more media processes than wait for work', count, isFew, { withinMs: 10_000 })
  })

  it('the bytes of what was refused go with their asset', async () => {
    for (const { id } of (await installation.client.list('?limit=200')).items) {
      expect((await installation.client.request('DELETE', `/v1/assets/${id}`)).status).toBe(202)
    }
    const poll = { withinMs: 30_000, everyMs: 500 }
    await eventually('every version of every object is gone', allVersions, versions => versions.length === 0, poll)
  })

  it('slow clients are cut off, and others were served all the while', async () => {
    const poll = { withinMs: SLOW_END_MS, everyMs: 500 }
    await eventually(
      'no slow connection is open',
      () => slow.stillOpen(),
      open => open === 0,
      poll,
    )
    expect((await installation.client.request('GET', '/healthz')).status).toBe(200)
  })
})
