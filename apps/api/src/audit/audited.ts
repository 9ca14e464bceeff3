import type { AuditTarget } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { endAuditEntry, insertAuditEntry, type NewAuditEntry } from '@darkroom/db/operations'
import type { FastifyRequest } from 'fastify'
import { NO_PROJECT } from '../auth/principal.ts'
import { shownInput } from './shown-input.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the operation changes as an admin: each request is recorded in the audit log, also one that is refused. */
    audits?: AuditTarget
  }
  interface FastifyRequest {
    /** Of the entry that was begun and not ended; null when there is none. */
    openAuditEntry: string | null
  }
}

/** What a change was about, once it is known. */
export interface Changed {
  target: string | null
  /** Null when it belongs to no project. */
  projectId: string | null
  /** Numbers that the operation answers with. */
  outcome?: Record<string, unknown>
}

/**
 * Makes a change and records who made it, in one transaction: neither stands without the other. What changes nothing, and
 * says so with null or false, is not recorded here: its answer is a problem, which the audit plugin records.
 */
export async function audited<T>(
  tx: Tx,
  request: FastifyRequest,
  change: (tx: Tx) => Promise<T>,
  changed: (value: NonNullable<T>) => Changed,
): Promise<T> {
  const value = await change(tx)
  if (value) await insertAuditEntry(tx, { ...entryOf(request), ...changed(value), result: 'done' })
  return value
}

/** Records a change of many transactions before its first, and in the last one how it ended. */
export async function auditedInSteps<T extends object>(
  db: Tx,
  request: FastifyRequest,
  subject: Changed,
  work: () => Promise<T>,
): Promise<T> {
  const id = await insertAuditEntry(db, { ...entryOf(request), ...subject, result: 'started' })
  request.openAuditEntry = id
  const outcome = await work()
  await endAuditEntry(db, id, { result: 'done', outcome: Object.fromEntries(Object.entries(outcome)) })
  request.openAuditEntry = null
  return outcome
}

/** Returns what the request itself says: who asks for what. */
export function entryOf(request: FastifyRequest): Omit<NewAuditEntry, 'result'> {
  const { principal, routeOptions } = request
  const { operationId = routeOptions.url ?? '' } = (routeOptions.schema ?? {}) as { operationId?: string }
  const { audits } = routeOptions.config
  if (!audits) throw new Error(`${operationId} does not say what it audits`)
  return {
    keyId: principal.keyId,
    isOperator: principal.isOperator,
    action: operationId,
    targetType: audits,
    projectId: principal.projectId === NO_PROJECT ? null : principal.projectId,
    input: shownInput(request),
    requestId: request.id,
  }
}
