import { type Check, type Finding, fault, fine, notChecked, warning } from '@darkroom/core/checks'
import type { StoreCheckContext } from './context.ts'

const TIMEOUT_MS = 10_000
const MAX_SKEW_SEC = 15 * 60
const NOTABLE_SKEW_SEC = 60

/** Whether the address is an S3 store at all, asked without a key. */
export const CONNECTION_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'store.address',
    title: 'the endpoint is not that of another service',
    cause: 'The endpoint was copied from the guide of another store.',
    fix: 'For Backblaze B2 set B2_ENDPOINT to https://s3.<region>.backblazeb2.com. For AWS set B2_REGION to the region of the bucket.',
    look: async ({ settings }) => addressFinding(settings),
  },
  {
    id: 'store.path-style',
    title: 'the bucket is in the path of a request, not in the host',
    cause: 'B2_ENDPOINT has the name of the bucket in it, so every key would begin with the bucket once more.',
    fix: 'Take the bucket out of B2_ENDPOINT.',
    needs: ['store.address'],
    look: async ({ settings: { store }, buckets }) => {
      const { hostname } = new URL(store.endpoint)
      const inHost = buckets.find(bucket => hostname.startsWith(`${bucket}.`))
      return inHost
        ? fault(`${hostname} begins with ${inHost}`)
        : fine(`requests go to ${store.endpoint}/<bucket>/<key>`)
    },
  },
  {
    id: 'store.answers',
    title: 'the endpoint answers as an S3 store',
    cause: 'B2_ENDPOINT is misspelt, or a firewall, a proxy or DNS is in the way.',
    fix: 'Correct B2_ENDPOINT. Allow this machine to reach it by HTTPS: curl -I $B2_ENDPOINT.',
    needs: ['store.address', 'store.path-style'],
    async look(context) {
      try {
        return answerFinding(await ask(context))
      } catch (error) {
        return fault(networkFault(error))
      }
    },
  },
  {
    id: 'store.clock',
    title: 'the clock agrees with that of the store',
    cause: 'The clock of this machine is not kept by NTP. Beyond 15 minutes the store refuses every signature.',
    fix: 'Set the clock: timedatectl set-ntp true.',
    needs: ['store.answers'],
    async look(context) {
      const date = (await ask(context)).headers.get('date')
      if (date === null) return notChecked('the store tells no time')
      const skewSec = Math.round((Date.now() - Date.parse(date)) / 1000)
      const seen = `${Math.abs(skewSec)} s ${skewSec < 0 ? 'behind' : 'ahead of'} the store`
      if (Math.abs(skewSec) > MAX_SKEW_SEC) return fault(seen)
      return Math.abs(skewSec) > NOTABLE_SKEW_SEC ? warning(seen) : fine(seen)
    },
  },
]

const ask = ({ settings: { store, privateBucket }, scratch }: StoreCheckContext): Promise<Response> =>
  fetch(`${store.endpoint}/${privateBucket}/${scratch.keyOf('absent')}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })

function addressFinding({ store }: StoreCheckContext['settings']): Finding {
  const { hostname } = new URL(store.endpoint)
  const isAws = /(^|\.)amazonaws\.com(\.cn)?$/.test(hostname)
  const isB2Key = /^00[0-9a-f]{23}$/.test(store.keyId)
  if (isAws && isB2Key) return fault(`${hostname} is of AWS, and the key is of Backblaze B2`)
  const regionInHost = /^s3[.-]([a-z]{2}-[a-z]+-\d)\.amazonaws/.exec(hostname)?.[1]
  if (regionInHost && regionInHost !== store.region)
    return fault(`the endpoint is in ${regionInHost}, and the region is ${store.region}`)
  return fine(`${hostname}, region ${store.region}`)
}

function answerFinding({ status, headers }: Response): Finding {
  const type = headers.get('content-type') ?? ''
  if (status >= 300 && status < 400) return fault(`it redirects to ${headers.get('location') ?? 'another place'}`)
  if (/text\/html/.test(type))
    return fault(`it answers ${status} with a web page`, {
      cause: 'It is the address of a web page or of a proxy, not of S3.',
    })
  if (status >= 500)
    return fault(`it answers ${status}`, { cause: 'The store is busy or down.', fix: 'Try again later.' })
  return fine(`it answers ${status}${type && ` with ${type.split(';')[0]}`}`)
}

const NETWORK_FAULTS: readonly [RegExp, string][] = [
  [/ENOTFOUND|EAI_AGAIN/, 'the host name is not known'],
  [/ECONNREFUSED/, 'the connection is refused: nothing listens there'],
  [/CERT|SSL|TLS/i, 'the certificate of the store is not trusted'],
  [/timeout|ETIMEDOUT|UND_ERR_CONNECT/i, 'it does not answer'],
]

function networkFault(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error)
  const text = `${cause.name} ${'code' in cause ? cause.code : ''} ${cause.message}`
  return NETWORK_FAULTS.find(([pattern]) => pattern.test(text))?.[1] ?? cause.message
}
