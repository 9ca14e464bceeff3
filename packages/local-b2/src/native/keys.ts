import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { CAPABILITIES } from '../auth/application-key.ts'
import type { KeyRow } from '../store/application-keys.ts'
import { ACCOUNT_ID, operation, requireAccount, requireBucketId } from './native-call.ts'
import { badRequest } from './native-error.ts'

/** A key ends in less than this many seconds: 1000 days. */
const MAX_VALID_SEC = 86_400_000
const MAX_PAGE = 10_000
const DEFAULT_PAGE = 100

/** Describes a key as B2 does, without its secret. https://www.backblaze.com/apidocs/b2-list-keys */
const describeKey = (row: KeyRow) => ({
  accountId: ACCOUNT_ID,
  applicationKeyId: row.key_id,
  keyName: row.name,
  capabilities: JSON.parse(row.capabilities),
  bucketIds: row.bucket_ids === null ? null : JSON.parse(row.bucket_ids),
  namePrefix: null,
  expirationTimestamp: row.expires_at,
  options: ['s3'],
})

export const createKey = operation({
  needs: 'writeKeys',
  body: z.strictObject({
    accountId: z.string(),
    capabilities: z.array(z.enum(CAPABILITIES)).min(1),
    keyName: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
    validDurationInSeconds: z.int().positive().lt(MAX_VALID_SEC).optional(),
    bucketIds: z.array(z.string()).min(1).nullish(),
    namePrefix: z.null('this store limits no key to a prefix').optional(),
  }),
  async run(call) {
    const { body, store, now } = call
    requireAccount(body.accountId)
    for (const id of body.bucketIds ?? []) requireBucketId(call, id)
    const row: KeyRow = {
      key_id: `000${randomBytes(11).toString('hex')}`,
      name: body.keyName,
      secret: `K000${randomBytes(20).toString('base64url')}`,
      capabilities: JSON.stringify(body.capabilities),
      bucket_ids: body.bucketIds ? JSON.stringify(body.bucketIds) : null,
      expires_at: body.validDurationInSeconds === undefined ? null : now + body.validDurationInSeconds * 1000,
    }
    await store.commit(transaction => store.keys.add(transaction, row))
    return { ...describeKey(row), applicationKey: row.secret }
  },
})

export const listKeys = operation({
  needs: 'listKeys',
  methods: ['GET', 'POST'],
  body: z.strictObject({
    accountId: z.string(),
    maxKeyCount: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
    startApplicationKeyId: z.string().optional(),
  }),
  run({ body, store, now }) {
    requireAccount(body.accountId)
    const rows = store.keys
      .list()
      .filter(row => row.expires_at === null || row.expires_at > now)
      .filter(({ key_id }) => key_id >= (body.startApplicationKeyId ?? ''))
    return {
      keys: rows.slice(0, body.maxKeyCount).map(describeKey),
      nextApplicationKeyId: rows[body.maxKeyCount]?.key_id ?? null,
    }
  },
})

export const deleteKey = operation({
  needs: 'deleteKeys',
  body: z.strictObject({ applicationKeyId: z.string() }),
  async run({ body, store }) {
    const row = store.keys.find(body.applicationKeyId)
    if (!row) throw badRequest(`invalid applicationKeyId: ${body.applicationKeyId}`)
    await store.commit(transaction => store.keys.remove(transaction, row.key_id))
    return describeKey(row)
  },
})
