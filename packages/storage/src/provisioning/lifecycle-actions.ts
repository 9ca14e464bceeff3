import { KEY_PREFIXES, UPLOAD_PREFIX, VARIANT_PREFIX } from '../object-key.ts'
import type { LifecycleAction } from './bucket-settings.ts'

/** Days after which the store's rule ends what lies under `uploads/`: long, as one day would eat confirmed uploads. */
export const UPLOAD_DAYS = 30

/** Days after which parts of an upload that nobody completed are thrown away. */
const MULTIPART_DAYS = 7

/** Prefixes that hold objects of ours, by the bucket they are in. */
const PREFIXES = { private: KEY_PREFIXES, public: [VARIANT_PREFIX] } as const

/**
 * Returns what a bucket's lifecycle rules should do: a backstop for the sweeper, which needs none of it. Actions are by prefix, because
 * a bucket may hold files of others, and because B2 once refused rules with overlapping prefixes.
 * @param hiddenDays days after which hidden and replaced versions, which are billed, are deleted
 */
export function lifecycleActions(
  bucket: keyof typeof PREFIXES,
  { hiddenDays }: { hiddenDays: number },
): LifecycleAction[] {
  return PREFIXES[bucket].flatMap(prefix => actionsBelow(prefix, hiddenDays))
}

function actionsBelow(prefix: string, hiddenDays: number): LifecycleAction[] {
  const isUpload = prefix === UPLOAD_PREFIX
  // The version that was confirmed may be replaced by a late second PUT while it waits behind a paused queue.
  const daysHidden = isUpload ? Math.max(hiddenDays, UPLOAD_DAYS) : hiddenDays
  const actions: LifecycleAction[] = [
    { prefix, kind: 'delete-hidden', days: daysHidden },
    { prefix, kind: 'cancel-multipart', days: MULTIPART_DAYS },
  ]
  return isUpload ? [{ prefix, kind: 'hide', days: UPLOAD_DAYS }, ...actions] : actions
}

/** Returns whether objects that must last are hidden by this action of somebody else. */
export const endsOurFiles = ({ prefix, kind }: LifecycleAction): boolean =>
  kind === 'hide' &&
  KEY_PREFIXES.some(each => each !== UPLOAD_PREFIX && (each.startsWith(prefix) || prefix.startsWith(each)))
