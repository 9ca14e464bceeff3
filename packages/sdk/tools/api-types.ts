import { ERRORS } from '@darkroom/contracts'
import openapiTypescript, { astToString } from 'openapi-typescript'

/**
 * Returns the types of an OpenAPI document as TypeScript, made by openapi-typescript. What has a default may be left out of
 * a request.
 */
export async function apiTypes(document: object, notice: string): Promise<string> {
  const source = structuredClone(document) as Parameters<typeof openapiTypescript>[0]
  return `${notice}\n\n${astToString(await openapiTypescript(source, { defaultNonNullable: false })).trimEnd()}`
}

/** Of requests that the SDK does not make (with another method or body, or by the tus protocol), and of projects, which operators make. */
const NOT_OF_OWNERS: ReadonlySet<string> = new Set([
  'METHOD_NOT_ALLOWED',
  'UNSUPPORTED_MEDIA_TYPE',
  'TUS_VERSION_UNSUPPORTED',
  'UPLOAD_OFFSET_MISMATCH',
  'UPLOAD_LOCKED',
  'HEADERS_TOO_LARGE',
  'BODY_TOO_LARGE',
  'IDEMPOTENCY_MISMATCH',
  'PROJECT_NAME_TAKEN',
  'PROJECT_DELETING',
  'PROJECT_DELETED',
  'LOCAL_PROJECT',
  // Their text only leads to the message, or they pass by themselves.
  'TOO_LARGE',
  'TOO_MANY_PIXELS',
  'TOO_MANY_FRAMES',
  'TOO_LONG',
  'TOO_MANY_PAGES',
  'WARNING_REFUSED',
  'LEASE_LOST',
  'STORE_NOT_FOUND',
  'PRIVATE_METADATA',
  'OUTPUT_TOO_LARGE',
  'CANCELLED',
])

/** Returns what the SDK says about each error code, as TypeScript. */
export function errorCatalogue(notice: string): string {
  const entries = Object.entries(ERRORS)
  // Only what owners of files act on, because it has to be small: the service's own text stands for the rest.
  const ofOwners = entries.filter(
    ([code, { area }]) => area !== 'operation' && area !== 'outside' && !NOT_OF_OWNERS.has(code),
  )
  const advice = ofOwners.map(([code, { owner }]) => `  ${code}: ${JSON.stringify(owner)},`)
  const retryable = entries.filter(([, entry]) => entry.retryable).map(([code]) => `  '${code}',`)
  return [
    notice,
    '',
    '/** What the owner of the file can do, by code. */',
    'export const ADVICE: Readonly<Record<string, string>> = {',
    ...advice,
    '}',
    '',
    '/** Codes of failures that can succeed later. */',
    'export const RETRYABLE: ReadonlySet<string> = new Set([',
    ...retryable,
    '])',
  ].join('\n')
}
