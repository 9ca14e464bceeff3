import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { API_CONFIGS, startApi } from '@darkroom/api'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { createLogger, parseConfigs, runUntilSignal } from '@darkroom/core'
import { makeFolder } from '@darkroom/core/durable-files'
import { migrateDatabase } from '@darkroom/db'
import { migrateQueue, queueBackend } from '@darkroom/queue'
import type { NearObjects } from '@darkroom/storage'
import { startWorker, WORKER_CONFIGS, type Worker } from '@darkroom/worker'
import getPort, { portNumbers } from 'get-port'
import { type Env, type Part, startEmbeddedPostgres, startEmbeddedStore } from './embedded.ts'
import { acquireInstanceLock, type InstanceLock } from './instance-lock.ts'
import { isLocalMode, usesRealStore } from './mode.ts'
import { persistedSecret } from './persisted-secret.ts'
import { allowBrowsers } from './store-cors.ts'

const REPO_ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

const say = (text: string) => console.log(text)

/** The whole pipeline in one process, with embedded parts wherever no URL of a real one is set. */
export async function start(env: Env): Promise<void> {
  const dataDir = resolve(REPO_ROOT, env.DARKROOM_DATA || '.darkroom')
  await makeFolder(dataDir, { mode: 0o700 })
  const acquired = await acquireInstanceLock(dataDir)
  if ('runningUrl' in acquired) return say(`darkroom runs already at ${acquired.runningUrl}`)
  await runUntilSignal(() => startAll(env, dataDir, acquired.lock))
}

async function startAll(given: Env, dataDir: string, lock: InstanceLock): Promise<{ close(): Promise<void> }> {
  await using opened = new AsyncDisposableStack()
  opened.defer(() => lock.release())
  const isLocal = isLocalMode(given)
  const logger = createLogger('darkroom', given.LOG_LEVEL || 'warn')
  let env: Env = {
    ...given,
    DARKROOM_SECRET: given.DARKROOM_SECRET || (await persistedSecret(dataDir)),
    // Nobody but this machine's user has a key, and a webhook is tried on this machine first.
    OUTBOUND_ALLOW: given.OUTBOUND_ALLOW || (isLocal ? 'localhost:*,127.0.0.1:*,[::1]:*' : undefined),
    WORKER_TEMP_DIR: given.WORKER_TEMP_DIR || join(dataDir, 'tmp'),
  }
  const embed = async <P extends Part>(starting: Promise<P>): Promise<P> => {
    const part = await starting
    opened.defer(() => part.close())
    env = { ...env, ...part.env }
    return part
  }

  if (!given.DATABASE_URL) await embed(startEmbeddedPostgres(dataDir, logger))
  let near: NearObjects | undefined
  if (!usesRealStore(given)) {
    const port = await freePort('store', given.LOCAL_B2_PORT, 9000)
    near = (await embed(startEmbeddedStore(dataDir, port, logger))).objects
    await allowBrowsers(env)
  }
  const { database, queue } = parseConfigs({ ...API_CONFIGS, ...WORKER_CONFIGS }, env)
  await migrateDatabase(database.DATABASE_URL)
  await migrateQueue(queueBackend(queue, database))

  env.PORT = String(await freePort('page and API', given.PORT, 3000))
  const services: Service[] = []
  opened.defer(() => closeTogether(services))
  const api = await startApi({ env, logger, mode: isLocal ? 'local' : 'configured' })
  services.push(api)
  const worker = await startWorker({ env, logger, near })
  services.push(worker)
  await lock.setUrl(api.url)
  announce(api.url, { isLocal, worker, hasPage: api.hasPage })

  const owned = opened.move()
  return { close: () => owned.disposeAsync() }
}

type Service = { close(): Promise<void> }

/** What they stand on is closed after all of them, also after one that did not end well. */
async function closeTogether(services: Service[]): Promise<void> {
  const ends = await Promise.allSettled(services.map(service => service.close()))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** The port that was asked for, else the next one that is free. */
async function freePort(what: string, asked: string | undefined, fallback: number): Promise<number> {
  const wanted = Number(asked || fallback)
  const port = await getPort({ port: portNumbers(wanted, Math.min(65_535, wanted + 100)), host: '127.0.0.1' })
  if (port !== wanted) say(`port ${wanted} is taken; the ${what} listens on ${port}`)
  return port
}

interface Announcement {
  isLocal: boolean
  worker: Pick<Worker, 'sandbox' | 'hasFfmpeg'>
  hasPage: boolean
}

function announce(url: string, { isLocal, worker, hasPage }: Announcement): void {
  const { sandbox, hasFfmpeg } = worker
  say(`sandbox: ${sandbox.level}${sandbox.reason ? ` (${sandbox.reason})` : ''}`)
  if (!hasFfmpeg) say('off: video and audio (no ffmpeg on the PATH; install it, or set FFMPEG_PATH, and start again)')
  if (!hasPage) say('off: the page (not built; "npm run build" makes it)')
  if (isLocal) say(`key: ${LOCAL_KEY}`)
  else say('key: make one with "npx darkroom keys create"')
  say(`darkroom ready ${url}`)
}
