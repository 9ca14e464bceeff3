import { z } from 'zod'
import type { CorsRule } from '../cors.ts'
import type { LifecycleRule } from '../lifecycle.ts'
import { maxCorsAgeSeconds, maxCorsRuleBytes, maxCorsRules, maxLifecycleRules } from '../limits.ts'

const RULE_NAME = /^(?!b2-)[A-Za-z0-9-]{6,63}$/
const days = z.int().positive().nullish()

/** https://www.backblaze.com/docs/cloud-storage-cross-origin-resource-sharing-rules */
const NativeCorsRule = z
  .strictObject({
    corsRuleName: z.string().regex(RULE_NAME),
    allowedOrigins: z.array(z.string().min(1)).min(1),
    allowedOperations: z
      .array(
        z.enum([
          'b2_download_file_by_name',
          'b2_download_file_by_id',
          'b2_upload_file',
          'b2_upload_part',
          's3_delete',
          's3_get',
          's3_head',
          's3_post',
          's3_put',
        ]),
      )
      .min(1),
    allowedHeaders: z.array(z.string()).nullish(),
    exposeHeaders: z.array(z.string()).nullish(),
    maxAgeSeconds: z.int().min(0).max(maxCorsAgeSeconds),
  })
  .refine(rule => Buffer.byteLength(JSON.stringify(rule)) < maxCorsRuleBytes, 'the rule is too large')

export const NativeCorsRules = z
  .array(NativeCorsRule)
  .max(maxCorsRules)
  .refine(rules => new Set(rules.map(({ corsRuleName }) => corsRuleName)).size === rules.length, 'names must differ')
  .transform(rules => rules.map(toCorsRule))

/** https://www.backblaze.com/docs/cloud-storage-lifecycle-rules */
const NativeLifecycleRule = z
  .strictObject({
    fileNamePrefix: z.string(),
    daysFromUploadingToHiding: days,
    daysFromHidingToDeleting: days,
    daysFromStartingToCancelingUnfinishedLargeFiles: days,
  })
  .refine(({ fileNamePrefix: _prefix, ...actions }) => Object.values(actions).some(Boolean), {
    error: 'must have at least one additional property defined',
  })

export const NativeLifecycleRules = z
  .array(NativeLifecycleRule)
  .max(maxLifecycleRules)
  .refine(rules => new Set(rules.map(({ fileNamePrefix }) => fileNamePrefix)).size === rules.length, {
    error: 'a prefix can have one rule',
  })
  .transform(rules => rules.map(toLifecycleRule))

export const NativeEncryption = z.strictObject({
  mode: z.enum(['SSE-B2', 'none']).nullable(),
  algorithm: z.literal('AES256').nullish(),
})

function toCorsRule(rule: z.output<typeof NativeCorsRule>): CorsRule {
  const methods = rule.allowedOperations.flatMap(operation => /^s3_(.+)$/.exec(operation)?.[1]?.toUpperCase() ?? [])
  return {
    id: rule.corsRuleName,
    allowedOrigins: rule.allowedOrigins,
    allowedMethods: methods,
    nativeOperations: rule.allowedOperations.filter(operation => operation.startsWith('b2_')),
    allowedHeaders: rule.allowedHeaders ?? [],
    exposeHeaders: rule.exposeHeaders ?? [],
    maxAgeSeconds: rule.maxAgeSeconds,
  }
}

const toLifecycleRule = (rule: z.output<typeof NativeLifecycleRule>): LifecycleRule => ({
  prefix: rule.fileNamePrefix,
  daysToHide: rule.daysFromUploadingToHiding ?? undefined,
  daysFromHidingToDelete: rule.daysFromHidingToDeleting ?? undefined,
  daysToAbortUploads: rule.daysFromStartingToCancelingUnfinishedLargeFiles ?? undefined,
})
