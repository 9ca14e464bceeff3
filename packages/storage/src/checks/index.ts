import { type Check, fault, notChecked } from '@darkroom/core/checks'
import { BUCKET_CHECKS } from './bucket-checks.ts'
import { CLEANUP_CHECKS } from './cleanup-checks.ts'
import { CONNECTION_CHECKS } from './connection-checks.ts'
import type { StoreCheckContext } from './context.ts'
import { CORS_CHECKS } from './cors-checks.ts'
import { DELIVERY_CHECKS } from './delivery-checks.ts'
import { explainStoreFailure, rootFailure } from './failure-reasons.ts'
import { KEY_CHECKS } from './key-checks.ts'
import { LIFECYCLE_CHECKS } from './lifecycle-checks.ts'
import { OBJECT_CHECKS } from './object-checks.ts'
import { SIGNED_URL_CHECKS } from './signed-url-checks.ts'

export { openStoreChecks, type StoreCheckContext, type StoreCheckOptions } from './context.ts'

type Groups = Readonly<Record<string, readonly Check<StoreCheckContext>[]>>

const GROUPS: Groups = {
  'Connection to the store': CONNECTION_CHECKS,
  'Application key': KEY_CHECKS,
  Buckets: BUCKET_CHECKS,
  Objects: OBJECT_CHECKS,
  'Signed URLs': SIGNED_URL_CHECKS,
  'Browsers (CORS)': CORS_CHECKS,
  'Lifecycle rules': LIFECYCLE_CHECKS,
  Delivery: DELIVERY_CHECKS,
  'Clean-up': CLEANUP_CHECKS,
}

/** Every check of the store by group, in their order: later ones rest on earlier ones. What a store refuses is explained as everywhere. */
export const STORE_CHECKS: Groups = Object.fromEntries(
  Object.entries(GROUPS).map(([group, checks]) => [group, checks.map(withReasons)]),
)

function withReasons(check: Check<StoreCheckContext>): Check<StoreCheckContext> {
  const look = async (context: StoreCheckContext) => {
    try {
      return await check.look(context)
    } catch (error) {
      if (isOfBrowsersHere(error, context)) return notChecked(`${context.settings.store.publicEndpoint} ${NOT_OURS}`)
      const explained = explainStoreFailure(error)
      if (!explained) throw error
      const { status, code } = rootFailure(error)
      return fault(`${explained.reason} (${status} ${code})`, explained)
    }
  }
  return { ...check, look }
}

const NOT_OURS = 'is where browsers on the host reach the store, and does not answer from here'

/**
 * Returns whether it was the address of browsers that nobody answers at, and is on their own machine: the localhost of a container is another one than that of
 * the host, whose port leads to the store.
 */
function isOfBrowsersHere(error: unknown, { settings: { store } }: StoreCheckContext): boolean {
  const address = store.publicEndpoint
  if (!address || address === store.endpoint || !(error instanceof TypeError)) return false
  const { code } = (error.cause ?? {}) as { code?: string }
  return code === 'ECONNREFUSED' && /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(address).hostname)
}
