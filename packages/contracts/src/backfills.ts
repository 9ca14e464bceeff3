import { z } from 'zod'
import { MEDIA_KINDS } from './media-types.ts'
import { pageOf, pageQuery } from './paging.ts'
import { PresetDefinition, PresetRef } from './presets/definition.ts'
import { PresetName, parsePresetSelector } from './presets/names.ts'
import { hasCondition } from './select-all.ts'

const time = z.iso.datetime()
const version = z.int32().min(1)

export const Preset = z
  .object({
    name: PresetName,
    version,
    isBuiltIn: z
      .boolean()
      .meta({ description: 'Whether it comes with every installation; false for a preset of your project.' }),
    definition: PresetDefinition,
    createdAt: time,
  })
  .meta({ id: 'Preset', description: 'One version of a preset. A version never changes.' })
export type Preset = z.output<typeof Preset>

export const PresetQuery = z.object(pageQuery)
export const PresetPage = pageOf(Preset, 'PresetPage')
export type PresetPage = z.output<typeof PresetPage>

export const PresetVersions = z
  .object({ name: PresetName, versions: z.array(Preset).meta({ description: 'Newest first.' }) })
  .meta({ id: 'PresetVersions' })
export type PresetVersions = z.output<typeof PresetVersions>

export const CreatePreset = z.object({ name: PresetName, definition: PresetDefinition }).meta({
  id: 'CreatePreset',
  example: {
    name: 'gallery',
    definition: {
      image: { variants: [{ type: 'picture', name: 'thumb', width: 256, height: 256, fit: 'cover', format: 'webp' }] },
    },
  },
})

/** Which assets, of those that have a version of the preset. */
export const BackfillFilter = z
  .strictObject({
    fromPreset: z
      .string()
      .max(100)
      .refine(text => parsePresetSelector(text) !== null, 'expected the name of a preset, or name@version')
      .optional()
      .meta({
        description: 'Assets of another preset (`default`) or of one version (`gallery@1`). Default: this preset.',
      }),
    kind: z.enum(MEDIA_KINDS).optional(),
    tag: z.string().min(1).max(100).optional(),
    createdAfter: z.iso.datetime({ offset: true }).optional(),
    createdBefore: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'BackfillFilter' })
export type BackfillFilter = z.output<typeof BackfillFilter>

export const PlanPreset = z
  .object({
    version: version.optional().meta({ description: 'Version of the preset. Default: the newest.' }),
    definition: PresetDefinition.optional().meta({
      description: 'A definition that is not stored yet, instead of a version.',
    }),
    filter: BackfillFilter.default({}),
    ratePerMinute: z.int().min(1).max(100_000).optional(),
  })
  .refine(body => body.version === undefined || body.definition === undefined, {
    path: ['definition'],
    message: 'expected either `version` or `definition`',
  })
  .meta({ id: 'PlanPreset', example: { version: 2, filter: { kind: 'image' } } })

const VariantCounts = z.object({
  added: z.int().meta({ description: 'Variants that the asset does not have yet, or that are not published.' }),
  remade: z
    .int()
    .meta({ description: 'Published variants that come out different, because parameters or encoders changed.' }),
  kept: z.int().meta({ description: 'Published variants that stay the same, byte for byte.' }),
  dropped: z.int().meta({ description: 'Published variants that the version no longer has.' }),
})

export const PresetPlan = z
  .object({
    preset: z.object({ name: PresetName, version: version.nullable() }),
    sampled: z
      .boolean()
      .meta({ description: 'Whether the counts are estimated from a sample, because there are many assets.' }),
    examined: z.int().meta({ description: 'Number of assets that were planned individually.' }),
    assets: z.object({
      matched: z.int().meta({ description: 'Assets that match the filter.' }),
      touched: z.int().meta({ description: 'Assets for which variants would be made or removed.' }),
      touchedByKind: z.partialRecord(z.enum(MEDIA_KINDS), z.int()),
      unchanged: z.int().meta({ description: 'Assets that only get the new version number.' }),
      skipped: z.int().meta({
        description:
          'Assets that are skipped: already on the version, busy, failed, without a source file, or deleted.',
      }),
      unknown: z.int().meta({
        description: 'Assets from before facts were stored: they are processed, but not in the counts of variants.',
      }),
    }),
    variants: VariantCounts,
    cost: z.object({
      cpuSeconds: z.number().nullable().meta({
        description: 'Estimated from the time of earlier jobs and the share of variants; null without earlier jobs.',
      }),
      basis: z.partialRecord(z.enum(MEDIA_KINDS), z.enum(['preset', 'kind', 'none'])).meta({
        description: 'What the estimate of each kind is based on: jobs of this preset, any jobs, or nothing.',
      }),
      bytesToWrite: z.int().meta({ description: 'Estimated from variants with the same name, else from their size.' }),
      storeCalls: z.object({ get: z.int(), put: z.int(), delete: z.int() }),
      finishAt: time
        .nullable()
        .meta({ description: 'Time if all slots of the live workers did nothing else; null without workers.' }),
    }),
  })
  .meta({ id: 'PresetPlan' })
export type PresetPlan = z.output<typeof PresetPlan>

export const ApplyPreset = z
  .object({
    version,
    filter: BackfillFilter.refine(
      hasCondition,
      'expected at least one condition; leave out the filter to select all assets of the preset',
    )
      .optional()
      .meta({ description: 'Which assets. Default: all assets with any version of the preset.' }),
    canary: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .meta({ description: 'Number of assets to process first; a failure among them pauses the backfill.' }),
    ratePerMinute: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Maximum number of jobs started per minute. Default: as many as the workers can take.' }),
  })
  .meta({ id: 'ApplyPreset', example: { version: 2, canary: 10, ratePerMinute: 120 } })

export const BACKFILL_STATUSES = ['running', 'paused', 'completed', 'cancelled'] as const
/** How one asset of a backfill ended: `partial` is done but for optional variants. */
export const BACKFILL_OUTCOMES = ['succeeded', 'partial', 'failed', 'cancelled'] as const
export type BackfillOutcome = (typeof BACKFILL_OUTCOMES)[number]
/** Why a backfill made no job for an asset. */
export const SKIP_REASONS = ['current', 'busy', 'failed', 'notUploaded', 'deleted', 'sourceGone'] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

export const Backfill = z
  .object({
    id: z.uuid(),
    preset: PresetRef,
    filter: BackfillFilter,
    status: z.enum(BACKFILL_STATUSES),
    phase: z.enum(['canary', 'rest']),
    reason: z.string().nullable().meta({ description: 'Why it is paused; null if it is not.' }),
    canary: z.int(),
    ratePerMinute: z.int().nullable(),
    progress: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: 'Share of the assets that are done or skipped, from 0 to 1.' }),
    total: z.int().meta({ description: 'Assets that matched the filter when it started.' }),
    started: z.int().meta({ description: 'Jobs that were created, one per asset.' }),
    active: z.int().meta({ description: 'Jobs that are waiting or running.' }),
    succeeded: z.int(),
    partial: z.int().meta({ description: 'Assets that are done except for optional variants.' }),
    failed: z.int(),
    cancelled: z.int(),
    skipped: z.partialRecord(z.enum(SKIP_REASONS), z.int()).meta({
      description:
        'Assets that got no job, by reason: `current` is already on the version, `busy` has another job, `failed` has nothing published.',
    }),
    failures: z.record(z.string(), z.int()).meta({ description: 'Number of failures by error code.' }),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Backfill' })
export type Backfill = z.output<typeof Backfill>

export const BackfillAnswer = z.object({ backfill: Backfill }).meta({ id: 'BackfillAnswer' })
export const BackfillQuery = z.object(pageQuery)
export const BackfillPage = pageOf(Backfill, 'BackfillPage')
export type BackfillPage = z.output<typeof BackfillPage>
