import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { UnfinishedError, watchConnections } from '@darkroom/core'
import { createServer } from '@darkroom/core/node-http'
import { createKeyRing } from './auth/application-key.ts'
import { createAuthenticator } from './auth/authenticate.ts'
import { uploadRule } from './cors.ts'
import { startEventDelivery } from './events/event-delivery.ts'
import { createEventSink, type EventRule } from './events/event-sink.ts'
import { createFaults } from './faults.ts'
import { handleRequest } from './http/handle-request.ts'
import { applyLifecycle } from './lifecycle.ts'
import { maxSinglePutBytes } from './limits.ts'
import { silentLogger } from './logger.ts'
import { createNativeSessions } from './native/native-sessions.ts'
import { eventRulesOf } from './native/notification-rules.ts'
import { checkBucketName } from './object-name.ts'
import { createObjects } from './objects.ts'
import type { LocalB2, LocalB2Options } from './options.ts'
import { createRequestLog } from './request-log.ts'
import { openStore, type Store } from './store/store.ts'

const keepAliveMs = 65_000
const defaultKeys = [{ keyId: 'localkey', applicationKey: 'localsecret' }]

async function createMissingBuckets(store: Store, buckets: NonNullable<LocalB2Options['buckets']>) {
  for (const { name, access } of buckets) {
    checkBucketName(name)
    if (store.buckets.find(name)) continue
    await store.commit(transaction => store.buckets.create(transaction, name, access, Date.now()))
  }
}

/** Lets pages of these origins upload to and read from buckets that have no rules yet. */
async function allowOrigins(store: Store, { buckets = [], corsOrigins = [] }: LocalB2Options) {
  if (corsOrigins.length === 0) return
  const rules = JSON.stringify([uploadRule(corsOrigins)])
  for (const { name } of buckets) {
    const bucket = store.buckets.find(name)
    if (bucket?.cors === null)
      await store.commit(transaction => store.buckets.set(transaction, bucket, { cors: rules }))
  }
}

function numberConnections() {
  const numbers = new WeakMap<Socket, number>()
  let count = 0
  return (socket: Socket): number => {
    const known = numbers.get(socket)
    if (known !== undefined) return known
    count += 1
    numbers.set(socket, count)
    return count
  }
}

/** Starts the store; rejects when the port is taken, the folder is in use, or a bucket name is one B2 refuses. */
export async function startLocalB2(options: LocalB2Options): Promise<LocalB2> {
  const { host = '127.0.0.1', port = 0, region = 'local-000', logger = silentLogger } = options
  const store = await openStore(options.dataDir, options.minFreeBytes)
  let given: readonly EventRule[] = options.eventRules ?? []
  const rules = () => [...given, ...store.buckets.list().flatMap(eventRulesOf)]
  const delivery = startEventDelivery(store, rules, logger)
  const events = createEventSink(rules, store.outbox, delivery.wake)
  const keys = createKeyRing(options.keys ?? defaultKeys, store)
  const faults = createFaults()
  const log = createRequestLog()
  const underWay = new Set<Promise<unknown>>()
  const deps = {
    store,
    region,
    authenticate: createAuthenticator({ keys, region, now: Date.now }),
    sessions: createNativeSessions({ keys, store }),
    refuseChecksumHeaders: options.refuseChecksumHeaders ?? false,
    events,
    maxCopyBytes: options.maxCopyBytes ?? maxSinglePutBytes,
    faults,
    log,
    logger,
    connectionNumber: numberConnections(),
  }

  function track<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(undefined, () => undefined)
    underWay.add(ended)
    void ended.then(() => underWay.delete(ended))
    return work
  }

  function onRequest(message: IncomingMessage, response: ServerResponse) {
    const work = handleRequest(deps, message, response).catch((cause: unknown) => {
      logger.error({ cause }, 'response failed')
      response.destroy()
    })
    void track(work)
  }

  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, onRequest)
  server.on('checkContinue', onRequest)
  const connections = watchConnections(server)

  async function closeStore() {
    await delivery.close()
    await store.close()
  }

  try {
    await createMissingBuckets(store, options.buckets ?? [])
    await allowOrigins(store, options)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (cause) {
    await closeStore()
    throw cause
  }

  const bound = server.address()
  const boundPort = typeof bound === 'object' && bound ? bound.port : port
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
  logger.info({ url, dataDir: options.dataDir, sweptBlobs: store.sweptBlobs }, 'object store listens')
  let closing: Promise<void> | undefined

  async function close() {
    const graceMs = options.shutdownGraceMs ?? 0
    const cut = await connections.drain({ graceMs, idleMs: 0 })
    server.close()
    await Promise.all(underWay)
    await closeStore()
    if (cut > 0 && graceMs > 0)
      throw new UnfinishedError(`The store cut ${cut} of its requests, which took longer than ${graceMs / 1000} s.`)
  }

  return {
    url,
    port: boundPort,
    faults: { set: faults.set, clear: faults.clear },
    requests: log,
    objects: createObjects({ store, events, track }),
    setEventRules(next) {
      given = next
    },
    applyLifecycle: now => applyLifecycle(store, events, now.getTime()),
    close() {
      closing ??= close()
      return closing
    },
  }
}
