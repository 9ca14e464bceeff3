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
      if (queues.length < names.length) context.addIssue(`expected a list out of ${QUEUE_NAMES.join(', ')}`)
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
      'Media processes that work at once; one more for a photo or a document while videos and sounds hold all. Default: one per core.',
    ),
  WORKER_TEMP_DIR: z
    .string()
    .default(() => join(tmpdir(), 'darkroom'))
    .describe('Where runs keep their files while they work. Default: a folder of the system’s temporary folder.'),
  FFMPEG_PATH: z
    .string()
    .refine(
      path => existsSync(path),
      'expected a folder with ffmpeg and ffprobe, or ffmpeg itself with ffprobe beside it',
    )
    .optional()
    .describe('The folder of ffmpeg and ffprobe, or ffmpeg itself with ffprobe beside it. Default: the `PATH`.'),
  WORKER_SANDBOX: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('`auto` puts media processes into namespaces of their own where the host allows it.'),
  WORKER_GRACE_SEC: z.coerce
    .number()
    .min(0)
    .default(20)
    .describe('How long runs may go on after SIGTERM before they are handed back, in seconds.'),
  DARKROOM_SECRET: z
    .string()
    .min(32, 'expected 32 characters or more')
    .optional()
    .describe('As for the API. Without it this worker sends no webhooks.'),
  WEBHOOK_DISABLE_AFTER_DAYS: z.coerce
    .number()
    .positive()
    .max(365)
    .default(5)
    .describe('A webhook endpoint that nothing has reached for this long is disabled, in days.'),
  CLOUDFLARE_API_TOKEN: z
    .string()
    .optional()
    .describe(
      'Token that may purge the cache of the zone in front of the variants. Without it nobody is told of deletions.',
    ),
  CLOUDFLARE_ZONE_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected the id of a zone: 32 hexadecimal digits')
    .optional()
    .describe('The zone that `CDN_BASE_URL` is in; goes with `CLOUDFLARE_API_TOKEN`.'),
  CLOUDFLARE_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.cloudflare.com/client/v4')
    .transform(url => url.replace(/\/+$/, ''))
    .describe('Where Cloudflare takes purges.'),
  IMPORT_TIMEOUT_SEC: z.coerce
    .number()
    .positive()
    .max(86_400)
    .default(3600)
    .describe('How long fetching a file for an import may take, in seconds.'),
})

/** Also when another variable is wrong, so that all faults are reported together. */
const always = () => true

export const WorkerConfig = Variables.refine(
  ({ CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID }) => !CLOUDFLARE_ZONE_ID || CLOUDFLARE_API_TOKEN,
  {
    path: ['CLOUDFLARE_API_TOKEN'],
    error: 'is missing; it goes with CLOUDFLARE_ZONE_ID',
    when: always,
  },
).refine(({ CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID }) => !CLOUDFLARE_API_TOKEN || CLOUDFLARE_ZONE_ID, {
  path: ['CLOUDFLARE_ZONE_ID'],
  error: 'is missing; it goes with CLOUDFLARE_API_TOKEN',
  when: always,
})
export type WorkerConfig = z.output<typeof WorkerConfig>
