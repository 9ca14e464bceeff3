import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { closestName } from './closest-name.ts'
import { describeIssue } from './describe-issue.ts'
import { type FieldErrors, InvalidFields, MAX_ERRORS, shown } from './invalid-fields.ts'
import { strictSchema } from './strict-schema.ts'

type Issue = z.core.$ZodRawIssue

/**
 * Reads what a client sent by the zod schema of its route. Bodies and queries are strict at every depth: a field that is
 * not known would be one that is not obeyed. Headers and paths have more than is ours.
 */
export const requestValidator: FastifySchemaCompiler<z.core.$ZodType> = ({ schema, httpPart = '' }) => {
  const isStrict = httpPart === 'body' || httpPart === 'querystring'
  const reader = isStrict ? strictSchema(schema) : schema
  return (sent: unknown) => {
    const result = reader._zod.run({ value: sent, issues: [] }, { async: false })
    if (result instanceof Promise) throw new z.core.$ZodAsyncError()
    if (result.issues.length === 0) return { value: result.value }
    return { error: new InvalidFields(describe(result.issues, httpPart)) }
  }
}

/**
 * Describes the issues of a request. With an unknown field missing fields are not mentioned: it may be one of them,
 * misspelt.
 */
function describe(issues: Issue[], httpPart: string): FieldErrors {
  const hasUnknown = issues.some(({ code }) => code === 'unrecognized_keys')
  const told = hasUnknown ? issues.filter(issue => !isMissing(issue)) : issues
  return told.flatMap(issue => errorsOf(issue, httpPart))
}

/** Tells whether a field is missing, also by a rule of the whole object such as "either this or that". */
const isMissing = ({ code, input }: Issue): boolean =>
  input === undefined || (code === 'custom' && typeof input === 'object')

function errorsOf(issue: Issue, httpPart: string): FieldErrors {
  const path = [httpPart, ...(issue.path ?? []).map(String)]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MAX_ERRORS).map(key => ({
      path: [...path, shown(key)].join('.'),
      message: describeUnknown(httpPart === 'querystring' ? 'parameter' : 'field', key, namesOf(issue)),
    }))
  const { message } = z.core.util.finalizeIssue(issue, { error: describeIssue }, z.core.config())
  return [{ path: path.join('.'), message }]
}

/** Lists the names that are known where an unknown field is. */
function namesOf({ inst }: Issue): string[] {
  const definition = inst?._zod.def as { shape?: Record<string, unknown> } | undefined
  return Object.keys(definition?.shape ?? {})
}

function describeUnknown(what: 'field' | 'parameter', name: string, known: string[]): string {
  const meant = closestName(name, known)
  const fault = `Unknown ${what} ${JSON.stringify(shown(name))}.`
  return meant === null ? fault : `${fault} Did you mean ${JSON.stringify(meant)}?`
}
