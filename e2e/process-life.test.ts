import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { createClient, type FileToUpload, put } from './harness/client.ts'
import type { Asset, Problem, Upload, UploadConfirmed, UploadCreated } from './harness/contract.ts'
import { createHome, type Darkroom, type Home, startDarkroom, startProgram } from './harness/darkroom.ts'
import { eventually } from './harness/eventually.ts'
import { expectVariantsAreServed, uploadUntilReady } from './harness/main-path.ts'
import { jpegFile, madePhoto, phonePhoto } from './harness/photos.ts'
import { closeServer, isPortOpen, occupyPort } from './harness/ports.ts'
import { listeningPorts, stillRunning } from './harness/process-tree.ts'
import { amount } from './harness/samples.ts'

interface Installed {
  home: Home
  darkroom: Darkroom
}

const homes: { home: Home; darkroom: Darkroom | null }[] = []

async function installed(options: Parameters<typeof startDarkroom>[1] = {}): Promise<Installed> {
  const home = await createHome()
  homes.push({ home, darkroom: null })
  return { home, darkroom: await start(home, options) }
}

async function start(home: Home, options: Parameters<typeof startDarkroom>[1] = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom(home, options)
  for (const entry of homes) if (entry.home === home) entry.darkroom = darkroom
  return darkroom
}

/** The installation that an earlier test left running, or a new one: a start is most of what each of them would cost. */
async function running(): Promise<Installed> {
  for (const { home, darkroom } of homes) if (darkroom && !(await hasEnded(darkroom))) return { home, darkroom }
  return installed()
}

const hasEnded = ({ exited }: Darkroom): Promise<boolean> =>
  Promise.race([exited.then(() => true), sleep(0).then(() => false)])

afterAll(async () => {
  for (const { home, darkroom } of homes.splice(0)) {
    if (darkroom && !(await hasEnded(darkroom))) await darkroom.killAll()
    await home.remove()
  }
})

/** Stops it and returns what is still there of it. */
async function remainsAfter(darkroom: Darkroom, home: Home, signal: 'SIGINT' | 'SIGTERM') {
  const tree = darkroom.tree()
  // The sockets of a Postgres that runs as another user are hidden from root in a container.
  const ports = [...new Set([...listeningPorts(tree), await postgresPort(home)])]
  // API, store and Postgres: without these the check below would find nothing to find.
  expect(ports).toEqual(expect.arrayContaining([home.port, home.storePort]))
  expect(await Promise.all(ports.map(isPortOpen))).not.toContain(false)
  expect(tree.length).toBeGreaterThan(5)
  const code = await darkroom.stop(signal)
  const open = await Promise.all(ports.map(isPortOpen))
  return {
    code,
    processes: stillRunning(tree).map(({ command }) => command),
    ports: ports.filter((_, index) => open[index]),
    files: home.temporaryFiles().filter(path => !path.endsWith('heartbeat')),
  }
}

async function postgresPort({ env }: Home): Promise<number> {
  const pidFile = await readFile(join(env.DARKROOM_DATA, 'postgres/postmaster.pid'), 'utf8')
  return Number(pidFile.split('\n')[3])
}

function postgresOf(darkroom: Darkroom): number {
  const server = darkroom.tree().find(({ command }) => /postgres -D /.test(command))
  if (!server) throw new Error('there is no Postgres in the tree')
  return server.pid
}

/** A PUT of which the second half comes when `send` is called. */
function slowPut({ url, headers }: Upload) {
  const sent = request(url, { method: 'PUT', headers: { ...headers, 'content-length': 1000 } })
  const answer = new Promise<number | undefined>((resolve, reject) => {
    sent.once('error', reject).once('response', ({ statusCode }) => resolve(statusCode))
  })
  sent.write(new Uint8Array(500))
  return { path: sent.path, send: () => sent.end(new Uint8Array(500)), answer }
}

const NOTHING = { processes: [], ports: [], files: [] }

// They read /proc to see that nothing is left.
const isLinux = process.platform === 'linux'

describe.skipIf(!isLinux)('an installation on this machine', () => {
  it.each([
    ['Ctrl-C', 'SIGINT', 'npm'],
    ['SIGTERM', 'SIGTERM', 'node'],
  ] as const)('leaves no process, port or temporary file after %s, and keeps the data', async (_, signal, via) => {
    const { home, darkroom } = via === 'npm' ? await installed({ via }) : await running()
    const client = createClient(darkroom)
    const asset = await uploadUntilReady(client, jpegFile('kept.jpg', await madePhoto({ width: 2400, height: 2100 })))
    const { code, ...remains } = await remainsAfter(darkroom, home, signal)
    expect(remains).toEqual(NOTHING)
    if (via === 'node') expect(code).toBe(0)

    const again = await start(home)
    console.log(`the start with data in its folder took ${again.startedInMs} ms`)
    const kept = await createClient(again).readAsset(asset.id)
    expect(kept).toMatchObject({ status: 'ready', revision: asset.revision })
    await expectVariantsAreServed(createClient(again), kept)
  })

  it('is told to a second start, which ends at once with success', async () => {
    const { home, darkroom } = await running()
    const second = startProgram('apps/cli/src/main.ts', ['start'], home.env)
    expect(await second.exited).toBe(0)
    expect(second.output()).toContain(darkroom.url)
    expect((await fetch(`${darkroom.url}/healthz`)).status).toBe(200)
  })

  it('at a Ctrl-C finishes or hands back its work, and answers what is open: a PUT, a long poll, a stream', async () => {
    const { home, darkroom } = await running()
    const client = createClient(darkroom)
    const { asset, upload } = await client.create(jpegFile('slow.jpg', new Uint8Array(1000)))
    const { path, send, answer } = slowPut(upload)
    const held = client.request<Asset>('GET', `/v1/assets/${asset.id}?wait=25`)
    const stream = client.request<string>('GET', `/v1/assets/${asset.id}/events`)
    const open = Promise.all([answer, held, stream])
    open.catch(() => undefined)
    await sleep(500)
    const photo = await phonePhoto()
    const ids = await Promise.all(
      [1, 2, 3].map(async number => (await client.upload({ ...photo, name: `${number}.jpg` })).asset.id),
    )
    const stopping = remainsAfter(darkroom, home, 'SIGINT')
    // What it is sent must meet a stop that has begun: before that, the whole file would settle its asset.
    await eventually(
      'the API takes no more connections',
      () => isPortOpen(home.port),
      isOpen => !isOpen,
      { withinMs: 60_000 },
    )
    send()
    const [put, { status }, followed] = await open
    expect({ path, put, status, followed: followed.status }).toEqual({ path, put: 200, status: 200, followed: 200 })
    expect(followed.body).toContain('data: {"reason":"restarting"}')
    expect(await stopping).toEqual({ code: 0, ...NOTHING })
    const again = createClient(await start(home))
    for (const id of ids) expect(await again.settled(id)).toMatchObject({ status: 'ready' })
  })

  it('starts its Postgres again when somebody killed it, and says 503 meanwhile', async () => {
    const { darkroom } = await running()
    const client = createClient(darkroom)
    const photo = jpegFile('a.jpg', await madePhoto({ width: 300, height: 300 }))
    expect((await uploadUntilReady(client, photo)).status).toBe('ready')
    process.kill(postgresOf(darkroom), 'SIGKILL')
    await darkroom.line(/^The embedded Postgres exited \(killed by SIGKILL\)\. It is being restarted;/m)
    const refused = await eventually(
      'the API says that it is not available',
      () => client.request<Problem>('GET', '/v1/assets'),
      ({ status }) => status !== 200,
      { withinMs: 10_000, everyMs: 20 },
    )
    expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    await darkroom.line(/^The embedded Postgres is running again after/m)
    await eventually(
      'the API answers again',
      () => client.request('GET', '/v1/assets'),
      ({ status }) => status === 200,
      { withinMs: 60_000 },
    )
    expect((await uploadUntilReady(client, jpegFile('b.jpg', photo.bytes))).status).toBe('ready')
    expect(await darkroom.stop()).toBe(0)
  })

  it('takes the next free port when its own are taken, and says so', async () => {
    const home = await createHome()
    homes.push({ home, darkroom: null })
    const servers = await Promise.all([occupyPort(home.port), occupyPort(home.storePort)])
    try {
      const darkroom = await start(home)
      expect(darkroom.url).not.toContain(`:${home.port}`)
      const { port } = new URL(darkroom.url)
      expect(darkroom.output()).toMatch(new RegExp(`port ${home.port} is already in use;.* ${port}$`, 'm'))
      expect(darkroom.output()).toMatch(new RegExp(`port ${home.storePort} is already in use;`))
      const asset = await uploadUntilReady(
        createClient(darkroom),
        jpegFile('a.jpg', await madePhoto({ width: 300, height: 300 })),
      )
      expect(asset.status).toBe('ready')
    } finally {
      await Promise.all(servers.map(closeServer))
    }
  })

  it('ends and says what to do when its Postgres does not come up any more', async () => {
    const { home, darkroom } = await running()
    const tree = darkroom.tree()
    await writeFile(join(home.env.DARKROOM_DATA, 'postgres/postgresql.conf'), 'nonsense')
    process.kill(postgresOf(darkroom), 'SIGKILL')
    expect(await darkroom.exited).toBe(1)
    expect(darkroom.output()).toMatch(/^The embedded Postgres exited 6 times within a minute \(.*postgresql\.conf/ms)
    expect(darkroom.output()).toContain('run "npm start" again; no acknowledged data is lost')
    expect(darkroom.output()).not.toMatch(/^\s+at /m)
    await eventually(
      'nothing is left',
      () => stillRunning(tree).map(({ command }) => command),
      left => left.length === 0,
      { withinMs: 10_000 },
    )
  })

  it('explains a wrong configuration in one go and leaves nothing running', async () => {
    const home = await createHome({ isFresh: true })
    homes.push({ home, darkroom: null })
    const failing = startProgram('apps/cli/src/main.ts', ['start'], {
      ...home.env,
      MAX_UPLOAD_BYTES: 'many',
      WORKER_CONCURRENCY: '0',
    })
    expect(await failing.exited).toBe(2)
    expect(failing.output()).toContain('MAX_UPLOAD_BYTES')
    expect(failing.output()).not.toMatch(/^\s+at /m)
    expect(await isPortOpen(home.storePort)).toBe(false)
    await start(home)
  })
})

/** What the service acknowledged, and every answer that no client should ever see. */
interface UploadRecord {
  confirmed: Set<string>
  faults: string[]
}

/** So that what is confirmed in ten rounds can be finished in reasonable time. */
const PAUSE_MS = 250

/** Uploads one file after another until the service goes away; a confirm counts from the moment of its 202. */
async function uploadUntilGone(url: string, files: FileToUpload[], record: UploadRecord): Promise<void> {
  const client = createClient({ url })
  for (let round = 0; ; round += 1) {
    const file = files[round % files.length]
    if (!file) return
    try {
      const json = { filename: file.name, contentType: file.contentType, byteSize: file.bytes.length }
      const created = await client.request<UploadCreated & Problem>('POST', '/v1/uploads', { json })
      if (created.status !== 201) return void record.faults.push(`create: ${created.status} ${created.body.code}`)
      const { status } = await put(created.body.upload, file.bytes)
      if (status !== 200) return void record.faults.push(`put: ${status}`)
      const confirmed = await client.request<UploadConfirmed & Problem>(
        'POST',
        `/v1/uploads/${created.body.upload.id}/confirm`,
      )
      if (confirmed.status !== 202)
        return void record.faults.push(`confirm: ${confirmed.status} ${confirmed.body.code}`)
      record.confirmed.add(confirmed.body.asset.id)
      await sleep(PAUSE_MS)
    } catch (error) {
      // fetch throws a TypeError when the connection breaks: it was killed, as it should be.
      if (error instanceof TypeError) return
      throw error
    }
  }
}

describe.skipIf(!isLinux)('kills, one after the other', () => {
  const ROUNDS = amount(2, 10)

  it('lose nothing that was confirmed and leave no process or temporary folder', async () => {
    const files = [
      ...(
        await Promise.all([10, 50, 90, 130, 170, 210, 250].map(hue => madePhoto({ width: 900, height: 700, hue })))
      ).map(bytes => jpegFile('a.jpg', bytes)),
      await phonePhoto(),
    ]
    const record: UploadRecord = { confirmed: new Set(), faults: [] }
    let { home, darkroom } = await running()
    const starts: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const uploads = [0, 1].map(() => uploadUntilGone(darkroom.url, files, record))
      const aliveMs = 200 + Math.random() * 1200
      await sleep(aliveMs)
      const tree = darkroom.tree()
      // By turns the power fails, and somebody kills the process that they see.
      if (round % 2 === 0) await darkroom.killAll()
      else await darkroom.killMain()
      await Promise.all(uploads)
      darkroom = await start(home)
      starts.push(darkroom.startedInMs)
      expect({ round, aliveMs, orphans: stillRunning(tree) }).toEqual({ round, aliveMs, orphans: [] })
    }
    console.log(`${record.confirmed.size} confirmed; starts after a kill took ${starts.join(', ')} ms`)
    expect(record.faults).toEqual([])
    // How many there are depends on the machine.
    expect(record.confirmed.size).toBeGreaterThan(0)

    const client = createClient(darkroom)
    for (const id of record.confirmed) {
      const asset = await client.settled(id, 90_000)
      expect({ id, status: asset.status, error: asset.error }).toEqual({ id, status: 'ready', error: null })
      for (const { url, byteSize } of asset.variants) {
        const { status, body } = await client.download(url)
        expect({ url, status, byteSize: body.length }).toEqual({ url, status: 200, byteSize })
      }
    }
    expect((await client.list('?status=processing')).items).toEqual([])
    await eventually(
      'no run is left',
      () => home.temporaryFiles().filter(isOfTheDead(darkroom)),
      files => files.length === 0,
      {
        withinMs: 10_000,
      },
    )
    expect(await darkroom.stop()).toBe(0)
    expect(home.temporaryFiles().filter(path => !path.endsWith('heartbeat'))).toEqual([])
  })
})

/** All but the folder that the living worker keeps for its runs, and those of its media processes; they are empty now. */
const isOfTheDead = (darkroom: Darkroom) => (path: string) =>
  !path.endsWith('heartbeat') &&
  !darkroom.tree().some(({ pid }) => path.replace(/\/processes(\/[^/]+)?$/, '').endsWith(`-${pid}`))
