import { z } from 'zod'
import type { EventType } from './event-types.ts'
import { AssetWarning, KnownErrorCode } from './resources.ts'

type OfAsset = Extract<EventType, `${'asset' | 'variant' | 'job'}.${string}`>

const asset = {
  assetId: z.uuid(),
  revision: z.int().meta({ description: 'Revision of the asset after this event. The higher one is newer.' }),
}

const code = KnownErrorCode
const name = z.string().meta({ description: 'Name of the variant.' })
const warnings = z
  .array(AssetWarning)
  .optional()
  .meta({ description: 'Warnings of the asset; left out if it has none.' })
const oneOf = (...known: string[]) => z.union([z.enum(known), z.string()])

/** What the event of an asset tells besides `assetId` and `revision`; most tell nothing more. */
const OF_ASSETS: { [type in OfAsset]?: z.ZodRawShape } = {
  'asset.processing': {
    by: oneOf('client', 'event', 'sweeper', 'import').meta({ description: 'What detected that the bytes arrived.' }),
  },
  'asset.ready': { warnings },
  'asset.partial': {
    warnings,
    retryAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When the missing variants are retried.' }),
  },
  'asset.failed': { code, warnings },
  'asset.reprocess_failed': { code, warnings },
  'asset.purged': {
    objects: z.int().meta({ description: 'Number of objects that were removed.' }),
    bytes: z.number().meta({ description: 'Total size of the removed objects in bytes.' }),
  },
  'variant.ready': { name },
  'variant.failed': {
    name,
    code,
    retryable: z.boolean().optional().meta({ description: 'Whether it is retried automatically.' }),
  },
  'job.requeued': { jobId: z.uuid() },
}

/** All that the event of something else tells. */
const OF_OTHERS: { [type in Exclude<EventType, OfAsset>]: z.ZodRawShape } = {
  'project.deleting': {
    deletesAt: z.iso
      .datetime()
      .meta({ description: 'When the deletion starts; until then the project can be restored.' }),
  },
  'project.restored': {},
  'webhook.disabled': {
    webhookId: z.uuid(),
    reason: oneOf('gone', 'failing').meta({ description: 'Same values as `disabledReason` of the endpoint.' }),
    code,
  },
}

const isOfAsset = (type: EventType): type is OfAsset => !Object.hasOwn(OF_OTHERS, type)

/** Returns the `data` of an event of a type. Fields may be added; receivers ignore those that they do not know. */
export const eventDataOf = (type: EventType): z.ZodObject =>
  z.object(isOfAsset(type) ? { ...asset, ...OF_ASSETS[type] } : OF_OTHERS[type])
