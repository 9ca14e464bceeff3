import { join } from 'node:path'
import { startApi } from '@darkroom/api'
import { createLogger, parseConfigs, runUntilSignal, StartupError, silentLogger } from '@darkroom/core'
import { startTracing } from '@darkroom/core/tracing'
import { DatabaseConfig, waitForDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue, QueueConfig, queueBackend, waitForQueue } from '@darkroom/jobs/executor'
import { findStoreFault, type InProcessObjects, refusePublicOriginals } from '@darkroom/storage'
import { startWorker } from '@darkroom/worker'
import packageJson from '../../package.json' with { type: 'json' }
import { announce } from './announce.ts'
import { dataFolderOf, ensureDataFolder } from './data-folder.ts'
import { type Env, type Part, startEmbeddedPostgres, startEmbeddedStore } from './embedded.ts'
import { makeFirstKey } from './first-key.ts'
import { freePort } from './free-port.ts'
import { acquireInstanceLock, type InstanceLock } from './instance-lock.ts'
import { isLocalMode, usesRealStore } from './mode.ts'
import { persistedSecret } from './persisted-secret.ts'
import { setUpStore } from './set-up-store.ts'
import { readSettings } from './settings.ts'

const say = (text: string) => console.log(text)

/**
 * Starts the whole pipeline in one process, with an embedded part for every service whose URL is not set.
 * @throws ConfigError naming every fault
 */
export async function start(env: Env): Promise<void> {
  readSettings(env)
  const dataDir = dataFolderOf(env)
  await ensureDataFolder(dataDir)
  const acquired = await acquireInstanceLock(dataDir)
  if ('runningUrl' in acquired) return say(`darkroom is already running at ${acquired.runningUrl}`)
  await runUntilSignal(signal => startAll(env, { dataDir, lock: acquired.lock, signal }))
}

interface Place {
  dataDir: string
  lock: InstanceLock
  signal: AbortSignal
}

async function startAll(given: Env, { dataDir, lock, signal }: Place): Promise<{ close(): Promise<void> }> {
  await using opened = new AsyncDisposableStack()
  opened.defer(() => lock.release())
  const isLocal = isLocalMode(given)
  const settings = readSettings(given)
  const logger = createLogger('darkroom', given.LOG_LEVEL || 'warn')
  opened.defer(await startTracing(settings.tracing, { serviceName: 'darkroom', version: packageJson.version, logger }))
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

  if (!given.DATABASE_URL) await embed(startEmbeddedPostgres(dataDir, logger).catch(asStartupError))
  let near: InProcessObjects | undefined
  if (usesRealStore(given)) {
    await refusePublicOriginals(settings.storage)
    const fault = await findStoreFault(settings.storage, silentLogger)
    if (fault) say(fault)
  } else {
    const wanted = settings.start.LOCAL_B2_PORT
    const port = await freePort({ what: 'store', wanted, host: '127.0.0.1' }, say)
    near = (await embed(startEmbeddedStore(dataDir, port, logger))).objects
    await setUpStore(env)
  }
  const { database, queue } = parseConfigs({ database: DatabaseConfig, queue: QueueConfig }, env)
  const waiting = { signal, maxWaitMs: settings.common.START_WAIT_SEC * 1000, say }
  await waitForDatabase(database.DATABASE_URL, waiting)
  await waitForQueue(queueBackend(queue, database), waiting)
  await migrateDatabase(database.DATABASE_URL)
  await migrateQueue(queueBackend(queue, database))

  const { PORT: wanted, HOST: host } = settings.api
  env.PORT = String(await freePort({ what: 'page and API', wanted, host }, say))
  const services: Service[] = []
  opened.defer(() => closeTogether(services))
  const api = await startApi({ env, logger, mode: isLocal ? 'local' : 'configured' })
  services.push(api)
  const worker = await startWorker({ env, logger, near })
  services.push(worker)
  lock.setUrl(api.url, near && env.B2_ENDPOINT)
  const key = isLocal ? null : await makeFirstKey(database.DATABASE_URL)
  announce({ url: api.url, given, key, worker, hasPage: api.hasPage }, say)

  const owned = opened.move()
  return { close: () => owned.disposeAsync() }
}

type Service = { close(): Promise<void> }

/** Closes the services at the same time, and returns after all of them, also when one fails. */
async function closeTogether(services: Service[]): Promise<void> {
  const ends = await Promise.allSettled(services.map(service => service.close()))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** Translates an error of an embedded part to a StartupError with its message. */
function asStartupError(error: unknown): never {
  throw new StartupError(error instanceof Error ? error.message : String(error), { cause: error })
}
