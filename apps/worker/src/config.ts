import { existsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { z } from 'zod'

const isQueueName = (name: string): name is QueueName => QUEUE_NAMES.some(queue => queue === name)

const Variables = z.object({
  WORKER_QUEUES: z
    .string()
    .default(QUEUE_NAMES.join(','))
    .transform((list, context) => {
      const names = list.split(',').map(name => name.trim())
      const queues = names.filter(isQueueName)
      if (queues.length < names.length) context.addIssue(`expected a comma-separated list of ${QUEUE_NAMES.join(', ')}`)
      return queues
    })
    .describe('Queues that this worker serves, comma-separated.'),
  WORKER_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(() => availableParallelism())
    .describe(
      'Number of media processes that work at a time, plus one for photos and documents while video and audio use all of them. Default: one per CPU core.',
    ),
  WORKER_TEMP_DIR: z
    .string()
    .default(() => join(tmpdir(), 'darkroom'))
    .describe('Folder for temporary files of running jobs. Default: a folder in the temporary folder of the system.'),
  FFMPEG_PATH: z
    .string()
    .refine(
      path => existsSync(path),
      'expected a folder with ffmpeg and ffprobe, or the path of ffmpeg with ffprobe in the same folder',
    )
    .optional()
    .describe(
      'Folder of ffmpeg and ffprobe, or path of ffmpeg with ffprobe in the same folder. Default: found by `PATH`.',
    ),
  WORKER_SANDBOX: z
    .enum(['auto', 'required', 'off'])
    .default('auto')
    .describe(
      '`auto` runs media processes in the strongest sandbox that the host allows. `required` also refuses to start where that is not a full one.',
    ),
  WORKER_GRACE_SEC: z.coerce
    .number()
    .min(0)
    .default(20)
    .describe('How long running jobs can take after SIGTERM before they are returned to the queue, in seconds.'),
  MANIFEST_DELAY_SEC: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe(
      'How long after a change of an asset its manifest is written beside the original, in seconds. `darkroom rebuild` needs it.',
    ),
  VERIFY_DAILY_FILES: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(20)
    .describe('Number of stored files that are downloaded each day and compared with their SHA-256. 0 turns it off.'),
  WORKER_METRICS_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe(
      'Port on which this worker serves its metrics, at `/metrics`, without a key. Each worker on a machine needs its own. Default: none.',
    ),
  WORKER_METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address on which `WORKER_METRICS_PORT` listens. Set another one only on a private network.'),
  DARKROOM_SECRET: z
    .string()
    .min(32, 'expected at least 32 characters')
    .optional()
    .describe('The same value as for the API. Without it, this worker sends no webhooks.'),
  WEBHOOK_DISABLE_AFTER_DAYS: z.coerce
    .number()
    .positive()
    .max(365)
    .default(5)
    .describe('A webhook endpoint is disabled when every delivery has failed for this long, in days.'),
  CLOUDFLARE_API_TOKEN: z
    .string()
    .optional()
    .describe(
      'Cloudflare API token with the permission Cache Purge, to purge deleted variants from the CDN. Without it, nothing is purged.',
    ),
  CLOUDFLARE_ZONE_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected a zone id: 32 hexadecimal digits')
    .optional()
    .describe('Cloudflare zone of `CDN_BASE_URL`; needed together with `CLOUDFLARE_API_TOKEN`.'),
  CLOUDFLARE_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.cloudflare.com/client/v4')
    .transform(url => url.replace(/\/+$/, ''))
    .describe('URL of the Cloudflare API.'),
  IMPORT_TIMEOUT_SEC: z.coerce
    .number()
    .positive()
    .max(86_400)
    .default(3600)
    .describe('Maximum time to download a file for an import, in seconds.'),
})

/** Validates always, also when another variable is wrong, so that all faults are reported together. */
const always = () => true

export const WorkerConfig = Variables.refine(
  ({ CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID }) => !CLOUDFLARE_ZONE_ID || CLOUDFLARE_API_TOKEN,
  {
    path: ['CLOUDFLARE_API_TOKEN'],
    error: 'is missing; it is needed together with CLOUDFLARE_ZONE_ID',
    when: always,
  },
).refine(({ CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID }) => !CLOUDFLARE_API_TOKEN || CLOUDFLARE_ZONE_ID, {
  path: ['CLOUDFLARE_ZONE_ID'],
  error: 'is missing; it is needed together with CLOUDFLARE_API_TOKEN',
  when: always,
})
export type WorkerConfig = z.output<typeof WorkerConfig>
