import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import { UPLOAD_PREFIX } from '../object-key.ts'
import { diffRules, type RuleChanges, readRules } from './provision-rules.ts'
import type { ProvisioningClient } from './provisioning-client.ts'

/** Days after which the store's rule ends what lies under `uploads/`: long, as one day would eat confirmed uploads. */
export const UPLOAD_DAYS = 30

export interface LifecycleInput {
  bucket: string
  /** Default `UPLOAD_DAYS`. */
  uploadDays?: number | undefined
  /** Default 7. */
  abortMultipartDays?: number | undefined
}

/**
 * Returns the lifecycle rules, a backstop for the sweeper. On B2 an expiration only hides, and hidden versions are billed, so uploads also get a rule for
 * versions that are no longer current.
 */
export function lifecycleRules({ uploadDays = UPLOAD_DAYS, abortMultipartDays = 7 }: LifecycleInput): LifecycleRule[] {
  return [
    {
      ID: 'darkroom-uploads',
      Status: 'Enabled',
      Filter: { Prefix: UPLOAD_PREFIX },
      Expiration: { Days: uploadDays },
      NoncurrentVersionExpiration: { NoncurrentDays: uploadDays },
    },
    {
      ID: 'darkroom-multipart',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortMultipartDays },
    },
  ]
}

/** Returns what `provisionLifecycle` would set, and what is set now. */
export async function diffLifecycle(
  client: ProvisioningClient,
  input: LifecycleInput,
): Promise<RuleChanges<LifecycleRule>> {
  const { bucket } = input
  const current = await readRules(() =>
    client.call(
      { operation: 'GetBucketLifecycleConfiguration', bucket },
      async s3 => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules,
    ),
  )
  return diffRules(current, lifecycleRules(input))
}

/** Sets the rules on the bucket. Rules of others stay; nothing is sent when nothing changes. */
export async function provisionLifecycle(
  client: ProvisioningClient,
  input: LifecycleInput,
): Promise<RuleChanges<LifecycleRule>> {
  const changes = await diffLifecycle(client, input)
  if (!changes.changed) return changes
  const command = { Bucket: input.bucket, LifecycleConfiguration: { Rules: changes.planned } }
  await client.call({ operation: 'PutBucketLifecycleConfiguration', bucket: input.bucket }, s3 =>
    s3.send(new PutBucketLifecycleConfigurationCommand(command)),
  )
  return { ...changes, applied: true }
}
