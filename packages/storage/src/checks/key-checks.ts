import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { type Check, type Finding, fault, fine, notChecked, warning } from '@darkroom/core/checks'
import type { NativeAccount } from '../native/native-client.ts'
import { inEachBucket, type StoreCheckContext, unlessRefused } from './context.ts'
import { explainStoreFailure, rootFailure } from './failure-reasons.ts'

/** What the processes need of B2's capabilities (docs/b2.md, application keys). */
const NEEDED = {
  api: ['readFiles', 'writeFiles'],
  all: ['listFiles', 'readFiles', 'writeFiles', 'deleteFiles'],
} as const
/** Whoever has one of these can change who reads the originals, or make keys. */
const EXCESSIVE = /^(writeKeys|deleteKeys|writeBuckets|deleteBuckets|bypassGovernance|writeBucket\w+)$/
const EXPIRES_SOON_MS = 14 * 86_400_000
const NOT_B2 = notChecked('only B2’s own API tells')
const KEY_FIX = 'Create an application key for these buckets with the capabilities of docs/b2.md, “Application keys”.'

/** What our keys may do: too little, and too much. */
export const KEY_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'key.private-bucket',
    title: 'the key may read the private bucket',
    cause: 'The key, its secret or the name of the bucket is wrong.',
    fix: 'Check B2_KEY_ID, B2_APPLICATION_KEY and B2_BUCKET_NAME.',
    needs: ['store.clock'],
    look: ({ store, settings }) => knownAs(settings.privateBucket, () => store.check(settings.privateBucket)),
  },
  {
    id: 'key.public-bucket',
    title: 'the key may read the public bucket',
    cause: 'The key is for the private bucket only, or the name of the public bucket is wrong.',
    fix: 'Use a key for both buckets, or set B2_PUBLIC_KEY_ID and B2_PUBLIC_APPLICATION_KEY.',
    needs: ['store.clock'],
    async look({ store, role, settings: { publicBucket } }) {
      if (publicBucket === null) return notChecked('B2_PUBLIC_BUCKET_NAME is not set: all files are private')
      if (role === 'api') return notChecked('an API does not read it')
      return knownAs(publicBucket, () => store.check(publicBucket))
    },
  },
  {
    id: 'key.write',
    title: 'the key may write',
    cause: 'The key lacks writeFiles.',
    fix: KEY_FIX,
    needs: ['key.private-bucket'],
    look: context =>
      inEachBucket({ ...context, buckets: written(context) }, bucket =>
        permitted('writeFiles', () => context.scratch.put(bucket, 'write', 'written')),
      ),
  },
  {
    id: 'key.list',
    title: 'the key may list what is stored',
    cause: 'The key lacks listFiles, which a worker needs.',
    fix: KEY_FIX,
    needs: ['key.private-bucket'],
    look: context =>
      ofWorkers(context, bucket =>
        permitted('listFiles', () =>
          context.store
            .listVersions({ bucket, prefix: context.scratch.keyOf('') })
            [Symbol.asyncIterator]()
            .next(),
        ),
      ),
  },
  {
    id: 'key.delete',
    title: 'the key may delete versions',
    cause: 'The key lacks deleteFiles, which a worker needs.',
    fix: KEY_FIX,
    needs: ['key.write'],
    look: context =>
      ofWorkers(context, async bucket => {
        const { key, versionId } = await context.scratch.put(bucket, 'delete', 'deleted')
        return permitted('deleteFiles', () => context.store.deleteVersion({ bucket, key, versionId }))
      }),
  },
  {
    id: 'key.capabilities',
    title: 'the key has the capabilities that it needs, for these buckets',
    cause: 'The key was made with other capabilities, for another bucket, or for a prefix.',
    fix: KEY_FIX,
    look: context =>
      inEachBucket({ ...context, buckets: written(context) }, async bucket => {
        const account = await accountOf(context, bucket)
        if (!account) return NOT_B2
        if (account.namePrefix) return fault(`the key is limited to names that begin with "${account.namePrefix}"`)
        if (account.buckets && !account.buckets.some(({ name }) => name === bucket))
          return fault(`the key is for ${account.buckets.map(({ name }) => name ?? 'a deleted bucket').join(', ')}`)
        const missing = NEEDED[context.role].filter(each => !account.capabilities.includes(each))
        return missing.length > 0 ? fault(`the key lacks ${missing.join(', ')}`) : fine(NEEDED[context.role].join(', '))
      }),
  },
  {
    id: 'key.excess',
    title: 'the key may do no more than a server needs',
    cause: 'The key can change buckets or make keys, so whoever takes over a server can publish the originals.',
    fix: 'Create a key with the capabilities of docs/b2.md, “Application keys”, and keep this one off the servers.',
    needs: ['key.private-bucket'],
    look: context =>
      inEachBucket({ ...context, buckets: written(context) }, async bucket => {
        const account = await accountOf(context, bucket)
        if (!account) return excessByListing(context)
        const excess = account.capabilities.filter(each => EXCESSIVE.test(each))
        if (excess.length > 0) return warning(`the key has ${excess.join(', ')}`)
        return account.buckets === null ? warning('the key is for all buckets of the account') : fine('nothing')
      }),
  },
  {
    id: 'key.expiry',
    title: 'the key does not expire soon',
    cause: 'The key was made for a limited time.',
    fix: 'Create a new key before then, and start API and workers with it.',
    needs: ['key.private-bucket'],
    look: context =>
      inEachBucket({ ...context, buckets: written(context) }, async bucket => {
        const account = await accountOf(context, bucket)
        if (!account) return NOT_B2
        if (!account.expiresAt) return fine('it has no end')
        const seen = `it expires on ${account.expiresAt.toISOString().slice(0, 10)}`
        return account.expiresAt.getTime() - Date.now() < EXPIRES_SOON_MS ? warning(seen) : fine(seen)
      }),
  },
  {
    id: 'key.region',
    title: 'the endpoint is that of the account',
    cause: 'An account of B2 is in one region, and the endpoint is in another one.',
    fix: 'Set B2_ENDPOINT to the endpoint of the account, and leave B2_REGION out.',
    async look(context) {
      const { settings } = context
      const account = await accountOf(context, settings.privateBucket)
      if (!account?.s3ApiUrl) return NOT_B2
      const isSame = new URL(account.s3ApiUrl).host === new URL(settings.store.endpoint).host
      return isSame
        ? fine(account.s3ApiUrl)
        : fault(`the account is at ${account.s3ApiUrl}, the endpoint is ${settings.store.endpoint}`)
    },
  },
]

const accountOf = async ({ nativeOf }: StoreCheckContext, bucket: string): Promise<NativeAccount | null> =>
  (await nativeOf(bucket)?.account()) ?? null

/** An API writes to the private bucket only, and its key may know no other. */
const written = ({ role, buckets }: StoreCheckContext): string[] => (role === 'api' ? buckets.slice(0, 1) : buckets)

async function ofWorkers(context: StoreCheckContext, look: (bucket: string) => Promise<Finding>): Promise<Finding> {
  return context.role === 'api' ? notChecked('an API does not need it') : inEachBucket(context, look)
}

async function knownAs(bucket: string, check: () => Promise<{ isFull: boolean }>): Promise<Finding> {
  try {
    const { isFull } = await check()
    return isFull ? fault(`${bucket}: the disk of the store is full`, FULL) : fine(`${bucket} answers`)
  } catch (error) {
    const explained = explainStoreFailure(error)
    const { status, code } = rootFailure(error)
    if (!explained) throw error
    return fault(`${bucket}: ${explained.reason} (${status} ${code})`, explained)
  }
}

const FULL = { cause: 'The disk of the embedded store has no room.', fix: 'Free space on the disk of DARKROOM_DATA.' }

async function permitted(capability: string, call: () => Promise<unknown>): Promise<Finding> {
  try {
    await call()
    return fine(`${capability} works`)
  } catch (error) {
    const { status, code } = rootFailure(error)
    const explained = explainStoreFailure(error)
    if (status !== 401 && status !== 403) throw error
    if (code !== 'AccessDenied' && explained) return fault(`${explained.reason} (${status} ${code})`, explained)
    return fault(`${capability} is refused (${status} ${code})`)
  }
}

/** Where there is no native API, a key that sees the buckets of others may do more than it should. */
async function excessByListing({ settings, buckets, clientOf }: StoreCheckContext): Promise<Finding> {
  return unlessRefused('listBuckets', async () => {
    const { Buckets = [] } = await clientOf(settings.privateBucket).send(new ListBucketsCommand({}))
    const others = Buckets.filter(({ Name = '' }) => !buckets.includes(Name))
    return others.length > 0
      ? warning(`the key sees ${others.length} other buckets`)
      : fine('the key sees our buckets only')
  }).then(found => (found.state === 'not_checked' ? fine('the key may not list buckets') : found))
}
