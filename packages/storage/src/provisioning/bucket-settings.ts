/** Who may read the objects of a bucket: holders of a key, or everybody. */
export type BucketAccess = 'private' | 'public'

/** Lets pages of some origins send requests to a bucket. */
export interface CorsRule {
  /** 6 to 63 letters, digits and hyphens at B2; other stores may have rules without a name. */
  name: string | null
  origins: string[]
  /** B2's words: `s3_get`, `s3_head`, `s3_put`, `s3_post`, `s3_delete`, and `b2_…` for its native API. */
  operations: string[]
  allowedHeaders: string[]
  exposeHeaders: string[]
  /** How long a browser may keep the answer to a preflight. */
  maxAgeSec: number
}

export const LIFECYCLE_KINDS = ['hide', 'delete-hidden', 'cancel-multipart'] as const

/**
 * One thing that the store does by itself with objects below a prefix, some days after they came (`hide`), after they were hidden or
 * replaced (`delete-hidden`), or after a multipart upload began (`cancel-multipart`). Rules of B2 and of S3 are sets of these.
 */
export interface LifecycleAction {
  prefix: string
  kind: (typeof LIFECYCLE_KINDS)[number]
  days: number
}

/** The settings of a bucket, in the same words for every store. */
export interface BucketSettings {
  name: string
  /** null: the store does not say. */
  access: BucketAccess | null
  /** What new objects are encrypted with when they name nothing; null: the store does not say. */
  encryption: 'SSE-B2' | 'none' | null
  cors: CorsRule[]
  lifecycle: LifecycleAction[]
}

/** What to change of a bucket; what is absent stays as it is. */
export interface BucketChanges {
  access?: BucketAccess
  encryption?: 'SSE-B2'
  /** Replaces all rules that are ours; those of others stay. */
  cors?: CorsRule[]
  lifecycle?: { add: LifecycleAction[]; remove: LifecycleAction[] }
}

/** Reads and changes settings of buckets. One adapter uses the S3 API, the other B2's native API. */
export interface BucketAdministration {
  /** Returns null for a bucket that does not exist. */
  read(name: string): Promise<BucketSettings | null>
  create(name: string, access: BucketAccess): Promise<void>
  /** Reads the bucket anew, so that what others changed meanwhile stays. */
  update(name: string, changes: BucketChanges): Promise<void>
}

/** A rule whose name begins so is ours; all others are somebody else's and stay. */
const OURS = 'darkroom-'

export const isOurs = ({ name }: { name: string | null }): boolean => name?.startsWith(OURS) ?? false

export const isSameAction = (one: LifecycleAction, other: LifecycleAction): boolean =>
  one.prefix === other.prefix && one.kind === other.kind && one.days === other.days
