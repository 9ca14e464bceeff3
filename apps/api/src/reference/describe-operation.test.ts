import { expect, it } from 'vitest'
import type { Document } from '../openapi/document.ts'
import { describeOperation } from './describe-operation.ts'
import { lookupIn } from './lookup.ts'

const DOCUMENT: Document = {
  paths: {},
  components: {
    schemas: {
      Note: { type: 'object', required: ['text'], properties: { text: { type: 'string' } }, example: { text: "it's" } },
    },
  },
}

it('writes a command that a shell runs as it stands, with ids as variables', () => {
  const operation = {
    parameters: [{ in: 'header' as const, name: 'Idempotency-Key', schema: {} }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } },
    responses: {},
    security: [{ key: [] }],
  }
  const place = { method: 'post', path: '/v1/assets/{id}/notes/{noteId}' }
  const { curl, body } = describeOperation(operation, place, lookupIn(DOCUMENT), 'http://127.0.0.1:3000')
  expect(curl).toBe(`curl -X POST "http://127.0.0.1:3000/v1/assets/$ID/notes/$NOTE_ID" \\
  -H "Authorization: Bearer $DARKROOM_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H 'Content-Type: application/json' \\
  -d '{
  "text": "it'\\''s"
}'`)
  expect(body?.fields).toMatchObject([{ name: 'text', note: 'required' }])
})
