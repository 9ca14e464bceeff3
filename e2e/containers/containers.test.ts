import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, type FileToUpload } from '../harness/client.ts'
import { corpusEntries, corpusUpload } from '../harness/corpus.ts'
import { eventually } from '../harness/eventually.ts'
import { freePort } from '../harness/ports.ts'
import { buildImage, buildNextVersion, type Deployment, deploy, docker, requireEngine, run } from './docker.ts'

// Runs docker-compose.yml on a real engine: `npm run test:containers`. The tests are one story, in their order.

/** That of this checkout is built, unless another one is named. */
const IMAGE = process.env.DARKROOM_IMAGE ?? 'darkroom:test'
const NEXT = 'darkroom:test-next'
const MAX_IMAGE_BYTES = 700e6
const SETTLE_MS = 240_000
const WORKERS = 3
/** Of each format one, and of each way in which a file is refused. */
const KINDS = [
  ...[
    'jpeg-12mp-phone.jpg',
    'jpeg-cmyk-swop-icc.jpg',
    'png-16bit-rgb.png',
    'gif-animated-30f.gif',
    'webp-animated-9f.webp',
  ],
  ...['avif-8bit-420.avif', 'heic-iphone-p3.heic', 'jxl-small.jxl', 'tiff-2page-bilevel.tif', 'svg-logo.svg'],
  ...['pdf-3-pages.pdf', 'mp4-h264-rotated-90.mp4', 'webm-vp9-square.webm', 'mkv-h264-aac.mkv', 'mov-mjpeg.mov'],
  ...['mp3-tiny.mp3', 'm4a-aac.m4a', 'flac.flac', 'wav-pcm.wav', 'ogg-vorbis.ogg'],
  ...['jpeg-corrupt-header.jpg', 'avif-bomb-17000x17000.avif', 'mkv-corrupt.mkv', 'pdf-corrupt.pdf'],
]

let deployment: Deployment
let url: string
let operator: Client

beforeAll(async () => {
  await requireEngine()
  if (!process.env.DARKROOM_IMAGE) await buildImage(IMAGE)
  const [port, storePort] = await Promise.all([freePort(), freePort()])
  url = `http://localhost:${port}`
  deployment = await deploy(IMAGE, {
    DARKROOM_SECRET: randomUUID() + randomUUID(),
    PORT: String(port),
    PUBLIC_URL: url,
    LOCAL_STORE_PORT: String(storePort),
    LOCAL_STORE_PUBLIC_URL: `http://localhost:${storePort}`,
    ACCEPT_SVG: 'true',
  })
  await deployment.compose('up', '--detach', '--no-build')
}, 1_200_000)

afterAll(async () => {
  await deployment?.down()
  await deployment?.remove()
}, 120_000)

interface Container {
  State: { Status: string; ExitCode: number; Health?: { Status: string } }
  Image: string
  Config: { User: string }
  HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[] }
}
const inspect = async (...ids: string[]): Promise<Container[]> =>
  ids.length === 0 ? [] : JSON.parse(await docker('container', 'inspect', ...ids))

/** Waits until every container of a service runs, and says that it is well. */
const healthy = (service: string, count = 1) =>
  eventually(
    `${count} healthy of ${service}`,
    async () => (await inspect(...(await deployment.containersOf(service)))).map(({ State }) => State.Health?.Status),
    states => states.length === count && states.every(state => state === 'healthy'),
    { withinMs: 240_000, everyMs: 1000 },
  )

/** Makes a project, as one of several customers. */
async function newProject(name: string): Promise<Client> {
  const post = async <T>(path: string, json: object) => {
    const { status, body } = await operator.request<T>('POST', path, { json })
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }
  const { id } = await post<{ id: string }>('/v1/admin/projects', { name })
  const { key } = await post<{ key: string }>(`/v1/admin/projects/${id}/keys`, {
    name,
    scopes: ['upload', 'read', 'write', 'admin'],
  })
  return createClient({ url, key })
}

it('is smaller than 700 MB, and runs as a user without rights over its own files', async () => {
  const [image] = JSON.parse(await docker('image', 'inspect', IMAGE))
  console.info(`the image has ${Math.round(image.Size / 1e6)} MB`)
  expect(image.Size).toBeLessThan(MAX_IMAGE_BYTES)
  await healthy('api')
  await healthy('worker')
  for (const service of ['api', 'worker', 'store']) {
    const [container] = await inspect(...(await deployment.containersOf(service)))
    expect(container?.Config.User).toBe('node')
    expect(container?.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] })
    const written = deployment.compose('exec', '-T', service, 'sh', '-c', 'echo x > /app/x')
    await expect(written).rejects.toThrow('Read-only file system')
  }
})

it('makes the first key', async () => {
  const out = await deployment.compose('exec', '-T', 'api', 'darkroom', 'keys', 'create', '--operator', '--direct')
  operator = createClient({ url, key: out.trim() })
  expect((await operator.request('GET', '/v1/admin/projects')).status).toBe(200)
})

it('lets a page upload to the local store', async () => {
  const client = await newProject('page')
  const { upload } = await client.create({ name: 'a.txt', contentType: 'image/png', bytes: new Uint8Array(9) })
  const headers = {
    origin: 'https://app.example',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'content-type',
  }
  const preflight = await fetch(upload.url, { method: 'OPTIONS', headers })
  expect(preflight.status).toBe(200)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
})

describe('every kind of media', () => {
  let client: Client
  beforeAll(async () => {
    client = await newProject('kinds')
  })
  const entries = corpusEntries().filter(({ file }) => KINDS.includes(file))

  it.each(entries)('$file ends as $expected', { timeout: SETTLE_MS }, async entry => {
    const { asset } = await client.upload(await corpusUpload(entry))
    const settled = await client.settled(asset.id, SETTLE_MS)
    if (entry.expected.startsWith('rejected')) expect(settled.status).toBe('failed')
    else if (entry.expected === 'processed') expect(settled.status, JSON.stringify(settled.job)).toBe('ready')
    else expect(['ready', 'failed']).toContain(settled.status)
    for (const { url: file } of settled.variants.filter(({ status }) => status === 'ready').slice(0, 2)) {
      if (file) expect((await client.download(file)).status).toBe(200)
    }
  })
})

describe('the sandbox', () => {
  it('is full, and the worker says so', async () => {
    expect(await deployment.logs('worker')).toMatch(/"msg":"sandbox: full \((landlock|bubblewrap)\)"/)
  })

  it('keeps a decoder from the network, the environment, other jobs and other tenants, which are in reach without it', async () => {
    const client = await newProject('another-tenant')
    const { asset } = await client.upload(await photo())
    const { variants } = await client.settled(asset.id, SETTLE_MS)
    const object = variants.find(variant => variant.url)?.url ?? ''
    const [worker = ''] = await deployment.containersOf('worker')
    const script = await readFile(join(import.meta.dirname, 'hostile-decoder.mjs'), 'utf8')
    const command = ['docker', 'exec', '-i', worker, 'node', '--input-type=module', '-', object]
    const { level, inSandbox, without } = JSON.parse(await run(command, { input: script }))
    expect(without).toEqual({
      database: 'reached',
      store: 'reached',
      environment: 'read',
      ownEnvironment: 'read',
      otherJob: 'the file of another job',
      otherTenant: 'read',
    })
    expect(level).toBe('full')
    expect(inSandbox).toEqual({
      database: expect.stringMatching(/^refused/),
      store: expect.stringMatching(/^refused/),
      environment: expect.stringMatching(/^refused/),
      ownEnvironment: 'nothing',
      otherJob: expect.stringMatching(/^refused/),
      otherTenant: expect.stringMatching(/^refused/),
    })
  })

  it('is required: a worker that gets less does not start', async () => {
    const started = deployment.compose('run', '--rm', '-T', '--no-deps', '-v', '/dev/null:/usr/bin/perl', 'worker')
    await expect(started).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a full sandbox is required'),
    })
  })
})

/** Returns a photo that nobody uploaded before, because the bytes after its end differ. */
async function photo(): Promise<FileToUpload> {
  const [entry] = corpusEntries().filter(({ file }) => file === 'jpeg-gps-exif.jpg')
  if (!entry) throw new Error('the corpus has no jpeg-gps-exif.jpg')
  const file = await corpusUpload(entry)
  return { ...file, bytes: new Uint8Array(Buffer.concat([file.bytes, Buffer.from(randomUUID())])) }
}

interface Load extends AsyncDisposable {
  /** Ids of assets whose upload was confirmed. */
  accepted: string[]
  failed(): number
  stop(): Promise<void>
}

/** Uploads photos one after the other until it is stopped. An upload that fails, because the API restarts, is tried again. */
function load(client: Client): Load {
  const accepted: string[] = []
  const stopping = new AbortController()
  let failed = 0
  const work = async () => {
    while (!stopping.signal.aborted) {
      const file = await photo()
      await client.upload(file).then(
        ({ asset }) => accepted.push(asset.id),
        () => {
          failed += 1
        },
      )
      await sleep(200)
    }
  }
  const working = work()
  const stop = () => {
    stopping.abort()
    return working
  }
  return { accepted, failed: () => failed, stop, [Symbol.asyncDispose]: stop }
}

it('loses nothing while workers are added, one is killed and all roll to a new version', {
  timeout: 600_000,
}, async () => {
  await buildNextVersion(NEXT, IMAGE)
  const client = await newProject('load')
  await using uploads = load(client)
  const { accepted } = uploads
  const more = async (count: number) => {
    const enough = accepted.length + count
    await expect.poll(() => accepted.length, { timeout: 120_000 }).toBeGreaterThanOrEqual(enough)
  }
  await more(5)
  await deployment.compose('up', '--detach', '--no-build', '--scale', `worker=${WORKERS}`)
  await healthy('worker', WORKERS)
  await more(10)
  const [victim = ''] = await deployment.containersOf('worker')
  await docker('kill', '--signal', 'KILL', victim)
  await more(10)
  deployment.setImage(NEXT)
  await deployment.compose('up', '--detach', '--no-build', '--scale', `worker=${WORKERS}`)
  await healthy('api')
  await healthy('worker', WORKERS)
  const [next] = JSON.parse(await docker('image', 'inspect', NEXT))
  for (const service of ['api', 'worker']) {
    for (const { Image } of await inspect(...(await deployment.containersOf(service)))) expect(Image).toBe(next.Id)
  }
  await more(10)
  await uploads.stop()
  const settled = await Promise.all(accepted.map(id => client.settled(id, SETTLE_MS)))
  console.info(`${accepted.length} photos were accepted, ${uploads.failed()} uploads failed and were repeated`)
  expect(settled.map(({ status }) => status)).toEqual(accepted.map(() => 'ready'))
  expect(await deployment.logs('worker')).toContain('sandbox: full')
})

it('ends everything within its grace, and leaves nothing', { timeout: 180_000 }, async () => {
  const ids = (await Promise.all(['api', 'worker', 'store'].map(deployment.containersOf))).flat()
  await deployment.compose('stop')
  expect((await inspect(...ids)).map(({ State }) => State.ExitCode)).toEqual(ids.map(() => 0))
  await deployment.down()
  expect(await deployment.traces()).toEqual([])
})
