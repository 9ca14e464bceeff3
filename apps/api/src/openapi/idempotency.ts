import { mapOperations, type Parameter, type Step } from './document.ts'

const PARAMETER: Parameter = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description:
    'A UUID, for example. For 24 hours the same request with the same key is done once and answered afresh, with `Idempotency-Replayed: true`.',
}

/** The header that every POST understands, but for those of the store, which knows nothing of it. */
export const withIdempotencyKey: Step = document =>
  mapOperations(document, (operation, { path, method }) => {
    if (method !== 'post' || path.startsWith('/v1/hooks/')) return operation
    return { ...operation, parameters: [...(operation.parameters ?? []), PARAMETER] }
  })
