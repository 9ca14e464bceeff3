import type { Check } from '@darkroom/core/checks'
import { BUCKET_CHECKS } from './bucket-checks.ts'
import { CLEANUP_CHECKS } from './cleanup-checks.ts'
import { CONNECTION_CHECKS } from './connection-checks.ts'
import type { StoreCheckContext } from './context.ts'
import { CORS_CHECKS } from './cors-checks.ts'
import { DELIVERY_CHECKS } from './delivery-checks.ts'
import { KEY_CHECKS } from './key-checks.ts'
import { LIFECYCLE_CHECKS } from './lifecycle-checks.ts'
import { OBJECT_CHECKS } from './object-checks.ts'
import { SIGNED_URL_CHECKS } from './signed-url-checks.ts'

export { openStoreChecks, type StoreCheckContext, type StoreCheckOptions } from './context.ts'

/** Every check of the store by group, in their order: later ones rest on earlier ones. */
export const STORE_CHECKS: Readonly<Record<string, readonly Check<StoreCheckContext>[]>> = {
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
