import { type Check, type Finding, fault, fine, warning } from '@darkroom/core/checks'
import { KEY_PREFIXES, UPLOAD_PREFIX, VARIANT_PREFIX } from '../object-key.ts'
import type { LifecycleAction } from '../provisioning/bucket-settings.ts'
import { endsOurFiles, UPLOAD_DAYS } from '../provisioning/lifecycle-actions.ts'
import { createProvisioningClient } from '../provisioning/provisioning-client.ts'
import { readLifecycleActions } from '../provisioning/s3-bucket-administration.ts'
import { applyProvision } from './apply-provision.ts'
import { inEachBucket, type StoreCheckContext, unlessRefused } from './context.ts'

const FIX = 'npx darkroom provision lifecycle --apply'
const NEEDS = ['key.private-bucket']
const repair = (context: StoreCheckContext): Promise<string> => applyProvision(context, 'lifecycle')

/** What the store deletes by itself: what it should, and never what we keep. */
export const LIFECYCLE_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'lifecycle.keeps-originals',
    title: 'no rule deletes originals or variants',
    cause: 'Somebody set a rule for the whole bucket, or a time after which files are hidden.',
    fix: 'Limit the rule to uploads/, at once: the store applies it every day.',
    needs: NEEDS,
    look: context =>
      ofEachBucket(context, actions => {
        const action = actions.find(endsOurFiles)
        return action ? fault(`a rule for "${action.prefix}" ends files after ${action.days} days`) : fine('none does')
      }),
  },
  {
    id: 'lifecycle.keeps-uploads',
    title: 'no rule ends uploads before they are processed',
    cause: 'A rule ends uploads early. Uploads wait while a queue is paused.',
    fix: `Set it to ${UPLOAD_DAYS} days: ${FIX} --replace`,
    needs: NEEDS,
    look: context =>
      ofPrivateBucket(context, actions => {
        const hides = actions.filter(({ kind, days }) => kind === 'hide' && days < UPLOAD_DAYS)
        const soon = hides.find(({ prefix }) => prefix.startsWith(UPLOAD_PREFIX) || UPLOAD_PREFIX.startsWith(prefix))
        return soon ? warning(`uploads end after ${soon.days} days`) : fine(`none within ${UPLOAD_DAYS} days`)
      }),
  },
  {
    id: 'lifecycle.uploads',
    title: 'abandoned uploads are deleted',
    cause: 'There is no rule for uploads/, so what a killed process leaves behind is billed for ever.',
    fix: FIX,
    needs: NEEDS,
    look: context =>
      ofPrivateBucket(context, actions => {
        const hidden = daysOf(actions, UPLOAD_PREFIX, 'hide')
        return hidden === undefined ? warning('no rule hides old uploads') : fine(`after ${hidden} days`)
      }),
    repair,
  },
  {
    id: 'lifecycle.hidden',
    title: 'hidden and replaced versions are deleted',
    cause: 'There is no rule for hidden versions, which are billed for ever.',
    fix: FIX,
    needs: NEEDS,
    look: context => ofEachPrefix(context, 'delete-hidden', 'are kept for ever when they are hidden'),
    repair,
  },
  {
    id: 'lifecycle.parts',
    title: 'unfinished uploads in parts are aborted, in every bucket',
    cause: 'There is no rule for unfinished uploads, so parts that a killed process sent are billed for ever.',
    fix: FIX,
    needs: NEEDS,
    look: context => ofEachPrefix(context, 'cancel-multipart', 'keep their unfinished parts for ever'),
    repair,
  },
]

type Look = (actions: LifecycleAction[], bucket: string) => Finding

/** Asks each bucket by its own key: what one key may not see says nothing of the other bucket. */
const ofEachBucket = (context: StoreCheckContext, look: Look): Promise<Finding> =>
  inEachBucket(context, async bucket => {
    const { bucketKeys, ...shared } = context.settings.store
    const client = createProvisioningClient({ ...shared, ...bucketKeys?.[bucket] })
    try {
      return await unlessRefused('readBuckets and readBucketLifecycleRules', async () =>
        look(await readLifecycleActions(client, bucket), bucket),
      )
    } finally {
      client.close()
    }
  })

const ofPrivateBucket = (context: StoreCheckContext, look: Look): Promise<Finding> =>
  ofEachBucket({ ...context, buckets: [context.settings.privateBucket] }, look)

/** Looks at every prefix of ours in each bucket. */
const ofEachPrefix = (context: StoreCheckContext, kind: LifecycleAction['kind'], otherwise: string): Promise<Finding> =>
  ofEachBucket(context, (actions, bucket) => {
    const prefixes = bucket === context.settings.privateBucket ? KEY_PREFIXES : [VARIANT_PREFIX]
    const without = prefixes.filter(prefix => daysOf(actions, prefix, kind) === undefined)
    if (without.length > 0) return warning(`${without.join(', ')} ${otherwise}`)
    return fine(`after ${Math.max(...prefixes.map(prefix => daysOf(actions, prefix, kind) ?? 0))} days`)
  })

/** Returns after how many days this happens to everything below a prefix; undefined when it does not. */
const daysOf = (actions: LifecycleAction[], prefix: string, kind: LifecycleAction['kind']): number | undefined =>
  actions.find(action => action.kind === kind && prefix.startsWith(action.prefix))?.days
