import { AUDIT_RESULTS, AUDIT_TARGETS } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { boolean, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * What admins changed, or were refused. Refers to nothing, because it outlives keys, projects and whatever else it names.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: uuid('id').primaryKey(),
    at: instant('at').notNull().default(sql`now()`),
    keyId: text('key_id').notNull(),
    isOperator: boolean('is_operator').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type', { enum: AUDIT_TARGETS }).notNull(),
    target: text('target'),
    projectId: uuid('project_id'),
    result: text('result', { enum: AUDIT_RESULTS }).notNull(),
    code: text('code'),
    input: jsonb('input').$type<Record<string, unknown>>().notNull().default({}),
    outcome: jsonb('outcome').$type<Record<string, unknown>>(),
    requestId: text('request_id'),
  },
  table => [
    index('audit_by_project').on(table.projectId, table.id),
    index('audit_by_key').on(table.keyId, table.id),
    index('audit_by_action').on(table.action, table.id),
    index('audit_by_target').on(table.target, table.id),
  ],
)

export type AuditRow = typeof auditEntries.$inferSelect
