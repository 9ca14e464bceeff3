import type { ApiDeps } from '../../deps.ts'
import { KnownCause } from './known-cause.ts'

const REMEMBERED_MS = 10 * 60_000

const PUBLIC_ORIGINALS =
  'anybody can read the bucket of originals (B2_BUCKET_NAME); make it private in the settings of the bucket'

/**
 * Creates the check that nobody reads the originals without a key, which throws `KnownCause` while somebody can. That they are private is
 * asked of the store once in ten minutes, because probes come every few seconds; that they are public each time, so that a repair shows at once.
 */
export function createOriginalsCheck({ store, settings, clock }: Pick<ApiDeps, 'store' | 'settings' | 'clock'>) {
  let trustedUntilMs = 0
  let asking: Promise<boolean> | null = null
  return async (): Promise<void> => {
    if (clock.now().getTime() < trustedUntilMs) return
    asking ??= store.isPublic(settings.privateBucket).finally(() => {
      asking = null
    })
    if (await asking) throw new KnownCause(PUBLIC_ORIGINALS)
    trustedUntilMs = clock.now().getTime() + REMEMBERED_MS
  }
}
