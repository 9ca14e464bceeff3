import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'

const time = z.iso.datetime()
const timeFilter = z.iso.datetime({ offset: true })

/** What a change of an admin was about. */
export const AUDIT_TARGETS = [
  ...['alarm', 'asset', 'backfill', 'job', 'jobs', 'key', 'preset', 'project'],
  ...['quarantine', 'queue', 'takedown', 'usage', 'webhook'],
] as const
export type AuditTarget = (typeof AUDIT_TARGETS)[number]

export const AUDIT_RESULTS = ['started', 'done', 'failed'] as const
export type AuditResult = (typeof AUDIT_RESULTS)[number]

export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: time,
    key: z.string().meta({
      description: 'Short id of the API key. `local` is the development key, `direct` a command on the server.',
    }),
    keyName: z.string().nullable().meta({ description: 'Name of the key; null if it no longer exists.' }),
    isOperator: z.boolean(),
    action: z.string().meta({ description: '`operationId` of the request, such as `pauseQueue`.' }),
    targetType: z.enum(AUDIT_TARGETS),
    target: z.string().nullable().meta({ description: 'Id or name of what was changed; null if it was not known.' }),
    projectId: z.uuid().nullable().meta({ description: 'Project of the target; null if it belongs to none.' }),
    result: z.enum(AUDIT_RESULTS).meta({
      description:
        '`done`: recorded in the same transaction as the change. `failed`: nothing was changed, see `code`. `started`: has many transactions and is running, or its process died.',
    }),
    code: z.string().nullable().meta({ description: 'Error code of a failed request; null otherwise.' }),
    input: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Parameters and body of the request, without secrets.' }),
    outcome: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Result in numbers, if the operation returns any.' }),
    requestId: z.string().nullable().meta({ description: '`X-Request-Id`, which is in all log lines of the request.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One change that an admin made, or was refused.' })
export type AuditEntry = z.output<typeof AuditEntry>

export const AuditPage = pageOf(AuditEntry, 'AuditPage')
export type AuditPage = z.output<typeof AuditPage>

export const AuditQuery = z.object({
  key: z.string().max(100).optional().meta({ description: 'Only changes made with this key (short id).' }),
  action: z.string().max(100).optional().meta({ description: 'Only this operation, such as `pauseQueue`.' }),
  targetType: z.enum(AUDIT_TARGETS).optional().meta({ description: 'Only changes of this kind of target.' }),
  target: z.string().max(200).optional().meta({ description: 'Only changes of this target (id or name).' }),
  result: z.enum(AUDIT_RESULTS).optional().meta({ description: 'Only changes with this result.' }),
  projectId: z
    .uuid()
    .optional()
    .meta({ description: 'Operators can name a project; other keys always use their own.' }),
  after: timeFilter.optional().meta({ description: 'Made after this time.' }),
  before: timeFilter.optional().meta({ description: 'Made before this time.' }),
  ...pageQuery,
})
export type AuditQuery = z.output<typeof AuditQuery>
