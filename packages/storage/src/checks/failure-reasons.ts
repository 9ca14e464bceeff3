import { readS3Failure, type S3Failure } from '../s3-errors.ts'

/** What is behind an answer of a store, for a person. `reason` names no host and no key, so anybody may read it. */
export interface FailureReason {
  reason: string
  cause: string
  fix: string
}

interface Known extends FailureReason {
  isIt(failure: S3Failure): boolean
}

const isCode =
  (...codes: string[]) =>
  ({ code }: S3Failure): boolean =>
    codes.includes(code)
const says = (pattern: RegExp) => (failure: S3Failure) => pattern.test(`${failure.code} ${failure.message}`)

/** The first that fits is it. */
const KNOWN: readonly Known[] = [
  {
    isIt: says(/cap[\s_]?exceeded/i),
    reason: 'a cap of the account is reached',
    cause: 'The account has a cap on storage, downloads or transactions, and it is reached.',
    fix: 'Raise the cap in the console of the store: Caps & Alerts.',
  },
  {
    isIt: isCode('RequestTimeTooSkewed'),
    reason: 'the clock of this machine is wrong',
    cause: 'The clock of this machine differs from the store’s by more than 15 minutes.',
    fix: 'Set the clock, and keep it by NTP: timedatectl set-ntp true.',
  },
  {
    isIt: says(/expired/i),
    reason: 'the key has expired',
    cause: 'The application key was made for a limited time, which is over.',
    fix: 'Create a new application key, and set B2_KEY_ID and B2_APPLICATION_KEY to it.',
  },
  {
    isIt: isCode('InvalidAccessKeyId'),
    reason: 'the store does not know the key',
    cause: 'B2_KEY_ID is misspelt, is the id of the account, or belongs to a deleted key or to another region.',
    fix: 'Copy the keyID of an application key again. A key works in the region of its account only.',
  },
  {
    isIt: isCode('SignatureDoesNotMatch'),
    reason: 'the secret is not that of the key',
    cause: 'B2_APPLICATION_KEY is not the secret of B2_KEY_ID, or a proxy changes requests on their way.',
    fix: 'The secret is shown once. Create a new application key, and set both variables to it.',
  },
  {
    isIt: isCode('AuthorizationHeaderMalformed', 'InvalidRegion', 'PermanentRedirect', 'TemporaryRedirect'),
    reason: 'the region is not that of the store',
    cause: 'B2_REGION or B2_ENDPOINT is not that of the bucket.',
    fix: 'Set B2_ENDPOINT to the endpoint that the page of the bucket shows, and leave B2_REGION out.',
  },
  {
    isIt: isCode('NoSuchBucket', 'InvalidBucketName'),
    reason: 'the bucket does not exist',
    cause: 'The name of the bucket is misspelt, or the bucket was not created yet, or is in another region.',
    fix: 'Correct the name, or create the bucket: npx darkroom provision buckets.',
  },
  {
    isIt: ({ status }) => status === 501 || status === 405,
    reason: 'the store lacks a call of S3 that B2 has',
    cause: 'The store implements a part of S3 only.',
    fix: 'Use a store with versions, multipart uploads and ListParts.',
  },
  {
    isIt: ({ status }) => status === 401 || status === 403,
    reason: 'the key may not use the bucket',
    cause: 'The application key is for another bucket, is limited to a prefix, or lacks a capability.',
    fix: 'Create a key for this bucket with the capabilities of docs/b2.md, “Application keys”.',
  },
]

/** Returns every reason that is known, for the documentation. */
export function knownFailureReasons(): FailureReason[] {
  return KNOWN.map(({ reason, cause, fix }) => ({ reason, cause, fix }))
}

/** Returns what is known of a failed call to a store; null of a failure that nobody can repair, such as a busy store. */
export function explainStoreFailure(error: unknown): FailureReason | null {
  const failure = rootFailure(error)
  const known = KNOWN.find(({ isIt }) => isIt(failure))
  return known ? { reason: known.reason, cause: known.cause, fix: known.fix } : null
}

/** Returns the store's own answer, also out of the `AppError` that it became. */
export function rootFailure(error: unknown): S3Failure {
  const failure = readS3Failure(error)
  if (failure.status === 0 && error instanceof Error && error.cause instanceof Error) return rootFailure(error.cause)
  return failure
}
