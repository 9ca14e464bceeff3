interface Operation {
  parameters?: unknown[]
}

interface Document {
  paths?: Record<string, { post?: Operation }>
}

const PARAMETER = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description:
    'A UUID, for example. For 24 hours the same request with the same key is done once and answered afresh, with `Idempotency-Replayed: true`.',
}

/** The header that every POST understands, but for those of the store, which knows nothing of it. */
export function withIdempotencyKey(document: unknown): unknown {
  const { paths = {} } = document as Document
  for (const [path, { post }] of Object.entries(paths))
    if (post && !path.startsWith('/v1/hooks/')) post.parameters = [...(post.parameters ?? []), PARAMETER]
  return document
}
