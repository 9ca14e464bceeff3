import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dropFile, hasChromium, LOOKS, launchChromium, loadedImages, openPage, overflow } from './harness/browser.ts'
import { type Client, createClient, LOCAL_KEY } from './harness/client.ts'
import type { Asset, Job } from './harness/contract.ts'
import {
  createHome,
  type Darkroom,
  type Home,
  runProgram,
  type Service,
  startDarkroom,
  startProgram,
  startService,
} from './harness/darkroom.ts'
import { eventually } from './harness/eventually.ts'
import {
  expectDeletionCompletes,
  expectOriginalDownloads,
  expectVariantsAreServed,
  uploadUntilReady,
} from './harness/main-path.ts'
import { jpegFile, madePhoto, phonePhoto } from './harness/photos.ts'
import { freePort, isPortOpen } from './harness/ports.ts'
import { stillRunning } from './harness/process-tree.ts'
import { startRedis } from './harness/redis.ts'
import { storedVersions } from './harness/store-client.ts'
import { hasTool } from './harness/tools.ts'

const hasRedis = hasTool('redis-server', 'redis-server')

const REGION = 'e2e-east-001'
const CREDENTIALS = { keyId: 'e2e-key-id', applicationKey: 'e2e-application-key' }
const BUCKETS = { private: 'e2e-private', public: 'e2e-public' }

/** One of the databases of the server that this run of vitest has; only this file uses them. */
function databaseUrl(name: string): string {
  const server = process.env.DARKROOM_TEST_POSTGRES
  if (!server) throw new Error('DARKROOM_TEST_POSTGRES is not set: run through vitest, with --project e2e')
  const url = new URL(server)
  if (name) url.pathname = `/${name}`
  return url.href
}

/** Another server than the one that `darkroom start` brings along, with its own region, key and buckets. */
async function startOtherStore(home: Home): Promise<Service> {
  const service = startProgram('packages/local-b2/src/main.ts', [], {
    LOCAL_B2_DATA_DIR: join(home.folder, 'store'),
    LOCAL_B2_PORT: `${home.storePort}`,
    LOCAL_B2_REGION: REGION,
    LOCAL_B2_KEY_ID: CREDENTIALS.keyId,
    LOCAL_B2_APPLICATION_KEY: CREDENTIALS.applicationKey,
    LOCAL_B2_BUCKETS: `${BUCKETS.private}:private,${BUCKETS.public}:public`,
  })
  await eventually(
    'the store listens',
    () => isPortOpen(home.storePort),
    isOpen => isOpen,
    { withinMs: 20_000 },
  )
  return service
}

const storeEnv = (home: Home) => ({
  B2_ENDPOINT: `http://127.0.0.1:${home.storePort}`,
  B2_REGION: REGION,
  B2_KEY_ID: CREDENTIALS.keyId,
  B2_APPLICATION_KEY: CREDENTIALS.applicationKey,
  B2_BUCKET_NAME: BUCKETS.private,
})

const storeOf = (home: Home) => ({ endpoint: `http://127.0.0.1:${home.storePort}`, region: REGION, ...CREDENTIALS })

/** As the README says it; the key alone is on stdout, what is said about it on stderr. */
async function createKey(env: Record<string, string>, ...options: string[]): Promise<string> {
  const command = `npx darkroom keys create ${options.join(' ')} 2>/dev/null`
  const service = startService('bash', ['-c', command], env)
  expect(await service.exited).toBe(0)
  expect(service.output()).toMatch(/^d[ko]_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}\n$/)
  return service.output().trim()
}

describe.skipIf(!hasRedis)('on a Postgres, a Redis and a store of one’s own', () => {
  let home: Home
  let redis: Awaited<ReturnType<typeof startRedis>>
  let store: Service
  let darkroom: Darkroom
  let env: Record<string, string>
  let asOperator: Record<string, string>
  let client: Client
  let asset: Asset

  beforeAll(async () => {
    home = await createHome({ isFresh: true })
    redis = await startRedis(await freePort())
    store = await startOtherStore(home)
    env = {
      DATABASE_URL: databaseUrl(''),
      REDIS_URL: redis.url,
      ...storeEnv(home),
      B2_PUBLIC_BUCKET_NAME: BUCKETS.public,
    }
    darkroom = await startDarkroom(home, { env })
    const [, operatorKey = ''] = /^key: (do_\S+)$/m.exec(darkroom.output()) ?? []
    // Whoever has the key finds the API by its data folder.
    asOperator = { DARKROOM_DATA: home.env.DARKROOM_DATA, DARKROOM_KEY: operatorKey }
    client = createClient({ url: darkroom.url, key: await createKey(asOperator) })
  })

  afterAll(async () => {
    await darkroom?.stop()
    await store?.stop()
    await redis?.stop()
    await home?.remove()
  })

  it('starts no embedded part', () => {
    const commands = darkroom.tree().map(({ command }) => command)
    expect(commands.filter(command => /postgres|redis/.test(command))).toEqual([])
    expect(darkroom.output()).not.toContain(LOCAL_KEY)
  })

  it('refuses the key of local mode', async () => {
    const { status, body } = await createClient({ url: darkroom.url, key: LOCAL_KEY }).request('GET', '/v1/assets')
    expect({ status, body }).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
    expect((await client.request('GET', '/v1/status')).body).toMatchObject({ mode: 'configured' })
  })

  it('takes a photo the whole way', async () => {
    const photo = await phonePhoto()
    asset = await uploadUntilReady(client, photo)
    expect(asset.variants.map(({ url }) => new URL(url).port)).toEqual(Array(5).fill(`${home.storePort}`))
    await expectVariantsAreServed(client, asset)
    await expectOriginalDownloads(client, asset, photo)
  })

  it('keeps the original where nobody reads it without a signature', async () => {
    const [original] = await storedVersions(storeOf(home), BUCKETS.private, 'originals/')
    expect(original?.size).toBe(asset.byteSize)
    const response = await fetch(`http://127.0.0.1:${home.storePort}/${BUCKETS.private}/${original?.key}`)
    expect(response.status).toBe(403)
  })

  it('hides one project from the key of another', async () => {
    const other = createClient({ url: darkroom.url, key: await createKey(asOperator, '--project', 'other') })
    expect((await other.request('GET', `/v1/assets/${asset.id}`)).status).toBe(404)
    expect((await other.list()).items).toEqual([])
  })

  it('lets a key do what its scopes say, until it is revoked', async () => {
    const key = await createKey(asOperator, '--scopes', 'read')
    const reader = createClient({ url: darkroom.url, key })
    expect((await reader.request('GET', `/v1/assets/${asset.id}`)).status).toBe(200)
    const refused = await reader.request('DELETE', `/v1/assets/${asset.id}`)
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    const revoked = await runProgram('apps/cli/bin/darkroom.mjs', ['keys', 'revoke', key.slice(3, 11)], asOperator)
    expect(revoked.code).toBe(0)
    expect((await reader.request('GET', `/v1/assets/${asset.id}`)).status).toBe(401)
  })

  it('goes on by itself after Redis lost everything', async () => {
    await redis.stop()
    const pending = client.upload(jpegFile('meanwhile.jpg', await madePhoto({ width: 600, height: 400 })))
    await sleep(500)
    redis = await startRedis(Number(new URL(redis.url).port))
    const settled = await client.settled((await pending).asset.id, 60_000)
    expect(settled).toMatchObject({ status: 'ready' })
  })

  it('deletes what it published', async () => {
    await expectDeletionCompletes(client, asset)
    const keys = (await storedVersions(storeOf(home), BUCKETS.public)).map(({ key }) => key)
    expect(keys.filter(key => key.includes(asset.id))).toEqual([])
  })
})

describe('as separate processes, with one private bucket and no Redis', () => {
  let home: Home
  let store: Service
  let api: Service
  let worker: Service
  let client: Client
  let env: Record<string, string>
  let asOperator: Record<string, string>
  let photo: Awaited<ReturnType<typeof phonePhoto>>

  const startApi = async () => {
    const service = startProgram('apps/api/src/main.ts', [], env)
    await eventually(
      'the API is ready',
      () =>
        fetch(`http://127.0.0.1:${home.port}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      status => status === 200,
      { withinMs: 20_000 },
    )
    return service
  }
  const startWorker = () => startProgram('apps/worker/src/main.ts', [], env)

  beforeAll(async () => {
    home = await createHome({ isFresh: true })
    photo = await phonePhoto()
    store = await startOtherStore(home)
    env = {
      DATABASE_URL: databaseUrl('postgres'),
      ...storeEnv(home),
      DARKROOM_SECRET: 'the same for every process, and long enough',
      PUBLIC_URL: `http://127.0.0.1:${home.port}`,
      PORT: `${home.port}`,
      TMPDIR: home.env.TMPDIR,
      WORKER_TEMP_DIR: join(home.folder, 'worker'),
      LOG_LEVEL: 'warn',
    }
    const migrated = await runProgram('apps/cli/bin/darkroom.mjs', ['migrate'], env)
    expect(migrated).toMatchObject({ code: 0, output: expect.stringContaining('up to date') })
    api = await startApi()
    worker = startWorker()
    const url = `http://127.0.0.1:${home.port}`
    asOperator = { DARKROOM_URL: url, DARKROOM_KEY: await createKey(env, '--direct', '--operator') }
    client = createClient({ url, key: await createKey(asOperator) })
  })

  afterAll(async () => {
    for (const service of [api, worker, store]) await service?.killAll()
    await home?.remove()
  })

  it('migrates a database that is up to date again without complaint', async () => {
    expect((await runProgram('apps/cli/bin/darkroom.mjs', ['migrate'], env)).code).toBe(0)
  })

  it('takes a photo the whole way, with variants behind the API', async () => {
    const asset = await uploadUntilReady(client, photo)
    for (const { name, url } of asset.variants) {
      expect(url).toBe(`${client.url}/v1/assets/${asset.id}/download?variant=${name}`)
      expect((await fetch(url)).status).toBe(401)
    }
    await expectVariantsAreServed(client, asset)
    await expectOriginalDownloads(client, asset, photo)
    await expectDeletionCompletes(client, asset)
  })

  it('has a health check for the worker', async () => {
    expect(await runProgram('apps/worker/src/healthcheck.ts', [], env)).toMatchObject({ code: 0 })
  })

  it('drains the worker on SIGTERM: what runs is finished, what waits is kept', async () => {
    const uploads = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(number => client.upload({ ...photo, name: `${number}.jpg` })),
    )
    const jobs = () =>
      Promise.all(uploads.map(async ({ job }) => (await client.request<Job>('GET', `/v1/jobs/${job.id}`)).body))
    const before = await eventually('a job runs', jobs, all => all.some(({ status }) => status === 'running'), {
      withinMs: 20_000,
      everyMs: 20,
    })
    const running = before.filter(({ status }) => status === 'running').map(({ id }) => id)
    const tree = worker.tree()
    expect(await worker.stop('SIGTERM')).toBe(0)
    expect(stillRunning(tree)).toEqual([])
    const after = await jobs()
    const finished = after.filter(({ id }) => running.includes(id))
    expect(finished.map(({ status, attempt }) => ({ status, attempt }))).toEqual(
      running.map(() => ({ status: 'succeeded', attempt: 1 })),
    )
    expect(after.filter(({ status }) => status === 'failed')).toEqual([])

    worker = startWorker()
    for (const { asset } of uploads) expect(await client.settled(asset.id)).toMatchObject({ status: 'ready' })
    expect((await jobs()).map(({ attempt }) => attempt)).toEqual(uploads.map(() => 1))
  })

  it('answers on SIGTERM whoever waits, then stops, and comes back', async () => {
    const { asset } = await client.create(jpegFile('never-sent.jpg', photo.bytes))
    const waiting = client.request<Asset>('GET', `/v1/assets/${asset.id}?wait=25`)
    await sleep(300)
    const began = performance.now()
    expect(await api.stop('SIGTERM')).toBe(0)
    // What is held is answered at once, and not after its 25 s.
    expect(performance.now() - began).toBeLessThan(20_000)
    expect(await waiting).toMatchObject({ status: 200, body: { id: asset.id, status: 'awaiting_upload' } })
    expect(await isPortOpen(home.port)).toBe(false)
    api = await startApi()
    expect(await client.readAsset(asset.id)).toMatchObject({ status: 'awaiting_upload' })
  })

  describe.skipIf(!hasChromium())('on the page in Chromium', () => {
    let browser: Browser
    let context: BrowserContext
    let page: Page
    let keyOfOther: string
    let uploadKey: string
    let operatorKey: string

    beforeAll(async () => {
      const cors = ['provision', 'cors', '--origin', client.url, '--apply']
      expect(await runProgram('apps/cli/bin/darkroom.mjs', cors, env)).toMatchObject({ code: 0 })
      browser = await launchChromium()
      const options = [['--project', 'other'], ['--scopes', 'upload'], ['--operator']]
      const [other = '', upload = '', operator = ''] = await Promise.all(
        options.map(given => createKey(asOperator, ...given)),
      )
      keyOfOther = other
      uploadKey = upload
      operatorKey = operator
    })
    afterEach(() => context?.close())
    afterAll(() => browser?.close())

    const rowOf = (name: string) => page.getByTestId('upload-row').filter({ hasText: name })
    const settledRow = (name: string, status = 'ready') =>
      page.locator(`[data-testid=upload-row][data-status=${status}]`).filter({ hasText: name })

    /** A phone shows first where there is no room for a question. */
    async function open(): Promise<void> {
      ;({ page, context } = await openPage(browser, client.url, LOOKS[2]))
      await page.getByTestId('key-form').waitFor()
    }
    async function enter(key: string): Promise<void> {
      await page.getByLabel('API key').fill(key)
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    async function drop(...names: string[]): Promise<void> {
      const buffer = Buffer.from(await madePhoto({ width: 500, height: 400, hue: 250 }))
      for (const name of names) await dropFile(page, { name, mimeType: 'image/jpeg', buffer })
    }

    it('lets files wait for a key, and shows to each key what is its own', async () => {
      await open()
      await drop('mine.jpg')
      await page.getByText('1 file waits for it.').waitFor()
      await enter('dk_wrong000_0000000000000000000000000000000000000000000')
      await page.getByRole('alert').getByText('That key was not accepted.').waitFor()
      await enter(client.key)
      await settledRow('mine.jpg').waitFor()
      // Private as it is, it is shown, and whoever copies a URL is told.
      await expect.poll(() => loadedImages(rowOf('mine.jpg'))).toBeGreaterThan(0)
      await page.getByTestId('private-note').waitFor()

      await page.getByTestId('change-key').click()
      await page.getByTestId('key-form').waitFor()
      expect(await page.getByTestId('upload-row').count()).toBe(0)
      await enter(keyOfOther)
      await page.getByTestId('empty-state').waitFor()
      expect(await page.getByTestId('library-item').count()).toBe(0)

      await page.getByTestId('change-key').click()
      await enter(client.key)
      await page.getByTestId('library-item').filter({ hasText: 'mine.jpg' }).waitFor()
    })

    it('does not ask for the key again in another tab, and writes it nowhere', async () => {
      await open()
      await enter(client.key)
      await page.getByTestId('dropzone').waitFor()
      const second = await page.context().newPage()
      await second.goto(client.url)
      await second.getByTestId('dropzone').waitFor()
      expect(await second.getByTestId('key-form').count()).toBe(0)
      expect(JSON.stringify(await second.evaluate(() => ({ ...localStorage })))).not.toContain(client.key)
      await second.getByTestId('change-key').click()
      await second.getByTestId('key-form').waitFor()
      expect(await page.getByTestId('key-form').count()).toBe(0)
    })

    it('asks before another key stops what is on its way', async () => {
      await open()
      await enter(client.key)
      await page.getByTestId('dropzone').waitFor()
      const started = Promise.withResolvers<void>()
      await page.route(`http://127.0.0.1:${home.storePort}/**`, () => started.resolve())
      await drop('slow.jpg')
      await started.promise
      await page.getByTestId('change-key').click()
      expect(await overflow(page)).toBe(0)
      await page.getByRole('button', { name: 'Back' }).click()
      expect(await rowOf('slow.jpg').getAttribute('data-status')).toBe('uploading')
      await page.getByTestId('change-key').click()
      await page.getByTestId('confirm-change-key').getByText('Stop 1 upload').click()
      await page.getByTestId('key-form').waitFor()
      expect(await rowOf('slow.jpg').count()).toBe(0)
    })

    it('says what a key may not see', async () => {
      await open()
      await enter(uploadKey)
      await page.getByTestId('library-error').getByText('does not have the scope "read"').waitFor()
      await drop('unseen.jpg')
      await settledRow('unseen.jpg', 'processing').getByText('progress is not shown').waitFor()
      await page.getByTestId('change-key').click()
      await enter(operatorKey)
      await page.getByTestId('library-error').getByText('does not belong to a project').waitFor()
    })

    it('holds files while the API is away, and sends them when it is back', async () => {
      await open()
      await enter(client.key)
      await page.getByTestId('dropzone').waitFor()
      await api.stop('SIGTERM')
      await drop('later-1.jpg', 'later-2.jpg')
      await page.getByTestId('offline').waitFor()
      // Longer than the tries of a request that is not held.
      await sleep(5000)
      expect(await page.getByTestId('row-error').count()).toBe(0)
      api = await startApi()
      for (const name of ['later-1.jpg', 'later-2.jpg']) await settledRow(name).waitFor()
    })
  })

  it('names every variable that is missing at once', async () => {
    const { code, output } = await runProgram('apps/api/src/main.ts', [], { PORT: '0' })
    expect(code).toBe(2)
    expect(output).toContain('DARKROOM_SECRET')
    expect(output).not.toMatch(/^\s+at /m)
  })
})
