import { BACKUP_PREFIX, KEY_PREFIXES, UPLOAD_PREFIX } from '../object-key.ts'
import type { LifecycleAction } from './bucket-settings.ts'

/** Days after which the store's rule ends what lies under `uploads/`: long, as one day would eat confirmed uploads. */
export const UPLOAD_DAYS = 30

/** Days after which parts of an upload that nobody completed are thrown away. */
const MULTIPART_DAYS = 7

/**
 * Returns what a bucket's lifecycle rules should do: a backstop for the sweeper, which needs none of it. Actions are by prefix, because
 * a bucket may hold files of others, and because B2 once refused rules with overlapping prefixes.
 * @param prefixes those that hold objects of ours
 * @param hiddenDays days after which hidden and replaced versions, which are billed, are deleted
 */
export const lifecycleActions = (prefixes: readonly string[], hiddenDays: number): LifecycleAction[] =>
  prefixes.flatMap(prefix => actionsBelow(prefix, hiddenDays))

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

/** What no rule may end: all that is not an upload on its way in. */
const LASTING_PREFIXES = [...KEY_PREFIXES.filter(prefix => prefix !== UPLOAD_PREFIX), BACKUP_PREFIX]

/** Returns whether objects that must last are hidden by this action of somebody else. */
export const endsOurFiles = ({ prefix, kind }: LifecycleAction): boolean =>
  kind === 'hide' && LASTING_PREFIXES.some(each => each.startsWith(prefix) || prefix.startsWith(each))
