import { mapOperations, type Parameter, type Step } from './document.ts'

const PARAMETER: Parameter = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description:
    'A unique value such as a UUID. For 24 hours, a request with the same key is executed only once. A repeated request returns its current result, with `Idempotency-Replayed: true`.',
}

/** Sent by the store, and by a browser of itself: neither sends the header. */
const NOT_OURS = /^\/v1\/(hooks\/|uploads\/form$)/

/**
 * Adds the `Idempotency-Key` header to every POST, except the hooks that the store calls: it does not send the header.
 */
export const withIdempotencyKey: Step = document =>
  mapOperations(document, (operation, { path, method }) => {
    if (method !== 'post' || NOT_OURS.test(path)) return operation
    return { ...operation, parameters: [...(operation.parameters ?? []), PARAMETER] }
  })
