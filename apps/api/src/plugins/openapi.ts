import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { createJsonSchemaTransformObject, jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { withAnswerExamples } from './openapi-examples.ts'
import { withIdempotencyKey } from './openapi-idempotency.ts'
import { withOptionalBodies } from './openapi-optional-bodies.ts'
import { withProblems } from './openapi-problems.ts'
import { withoutTwins } from './openapi-schemas.ts'

/** The contract as OpenAPI 3.1 at `/openapi.json`, for people at `/docs`. */
export const openapiPlugin = fp<{ version: string }>(
  async (app, { version }) => {
    const withComponents = createJsonSchemaTransformObject({ schemaRegistry: z.globalRegistry })
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Darkroom',
          version,
          description:
            'Presigned uploads in, thumbnails and variants behind CDN URLs out. Errors are RFC 9457 problem details with a stable `code`.',
        },
        components: {
          securitySchemes: {
            key: { type: 'http', scheme: 'bearer', description: 'An API key, or the client token of one upload.' },
          },
        },
        security: [{ key: [] }],
      },
      transform: operation => {
        const { schema, url } = jsonSchemaTransform(operation)
        // Public routes have no auth hook.
        return { schema: operation.route.onRequest ? schema : { ...schema, security: [] }, url }
      },
      transformObject: given =>
        [withComponents, withoutTwins, withIdempotencyKey, withOptionalBodies, withProblems, withAnswerExamples].reduce(
          (document, step) => step(document as typeof given),
          given as unknown,
        ) as ReturnType<typeof withComponents>,
    })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  },
  { name: 'openapi', fastify: '5.x' },
)
