import type { z } from 'zod'
import type { ApplicationKey, Capability } from '../auth/application-key.ts'
import type { Bucket, SettingValues } from '../store/buckets.ts'
import type { Store } from '../store/store.ts'
import { badBucketId, badRequest, NativeError, unauthorized } from './native-error.ts'

/** The one account of this store. */
export const ACCOUNT_ID = 'local'

/** What an operation of the native API gets. */
export interface NativeCall<Body = unknown> {
  readonly body: Body
  readonly key: ApplicationKey
  readonly store: Store
  /** Where clients reach this server. */
  readonly url: string
  readonly now: number
}

/** A row of the table of operations: who may call it, what it takes, and what it does. */
export interface NativeOperation {
  needs: Capability
  /** Calls that change nothing may also be a GET, with parameters in the query. */
  methods: readonly ('GET' | 'POST')[]
  run(call: NativeCall): unknown
}

/** Makes an operation that refuses what its schema does not know, as B2 does. */
export function operation<Schema extends z.ZodType>(definition: {
  needs: Capability
  methods?: NativeOperation['methods']
  body: Schema
  run(call: NativeCall<z.output<Schema>>): unknown
}): NativeOperation {
  return {
    needs: definition.needs,
    methods: definition.methods ?? ['POST'],
    run(call) {
      const body = definition.body.safeParse(call.body)
      if (!body.success)
        throw badRequest(body.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
      return definition.run({ ...call, body: body.data })
    },
  }
}

export function requireAccount(accountId: string): void {
  if (accountId !== ACCOUNT_ID) throw new NativeError(401, 'unauthorized', `invalid accountId: ${accountId}`)
}

/** Finds a bucket by its id, for a key that may use it. */
export function requireBucketId({ store, key }: NativeCall, bucketId: string): Bucket {
  const bucket = store.buckets.list().find(({ b2_id }) => b2_id === bucketId)
  if (!bucket) throw badBucketId(bucketId)
  if (key.buckets && !key.buckets.includes(bucket.name)) throw unauthorized()
  return bucket
}

/** Changes settings of a bucket, and returns it as it then is. */
export async function changeBucket({ store }: NativeCall, bucket: Bucket, values: SettingValues): Promise<Bucket> {
  await store.commit(transaction => store.buckets.set(transaction, bucket, values))
  return store.buckets.find(bucket.name) ?? bucket
}
