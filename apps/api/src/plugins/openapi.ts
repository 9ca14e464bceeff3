import swagger from '@fastify/swagger'
import fp from 'fastify-plugin'
import { createJsonSchemaTransformObject, jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { accessOf } from '../auth/access.ts'
import type { ApiSettings } from '../deps.ts'
import { ABOUT, TAGS } from '../openapi/about.ts'
import { withAnswerExamples } from '../openapi/answer-examples.ts'
import { withDescriptions } from '../openapi/descriptions.ts'
import { withDiscriminators } from '../openapi/discriminators.ts'
import type { Document, Step } from '../openapi/document.ts'
import { withIdempotencyKey } from '../openapi/idempotency.ts'
import { mergeInputSchemas } from '../openapi/input-schemas.ts'
import { withOpenEnums } from '../openapi/open-enums.ts'
import { withOptionalBodies } from '../openapi/optional-bodies.ts'
import { withParameters } from '../openapi/parameters.ts'
import { withProblems } from '../openapi/problems.ts'
import { withResponseHeaders } from '../openapi/response-headers.ts'
import { accessText, SECURITY_SCHEMES, securityOf } from '../openapi/security.ts'
import { withSharedResponses } from '../openapi/shared-responses.ts'
import { withWebhooks } from '../openapi/webhooks.ts'
import { referencePlugin } from './reference.ts'

/** What the generator cannot say, in the order in which it is added. */
const STEPS: Step[] = [
  mergeInputSchemas,
  withWebhooks,
  withOpenEnums,
  withDiscriminators,
  withParameters,
  withIdempotencyKey,
  withOptionalBodies,
  withProblems,
  withDescriptions,
  withResponseHeaders,
  withSharedResponses,
  withAnswerExamples,
]

/** The contract: as OpenAPI 3.1 at `/openapi.json`, and for people at `/docs`. */
export const openapiPlugin = fp<{ settings: Pick<ApiSettings, 'version' | 'publicUrl'> }>(
  async (app, { settings: { version, publicUrl } }) => {
    const withComponents = createJsonSchemaTransformObject({ schemaRegistry: z.globalRegistry })
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'Darkroom', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
        tags: TAGS,
        components: { securitySchemes: SECURITY_SCHEMES },
      },
      transform: operation => {
        const { schema, url } = jsonSchemaTransform(operation)
        return { schema: { ...schema, ...ofRoute(operation) }, url }
      },
      transformObject: given =>
        STEPS.reduce((document, step) => step(document), withComponents(given) as unknown as Document) as ReturnType<
          typeof withComponents
        >,
    })
    // Where the API is reached is known once it listens.
    const document = () => ({ ...app.swagger(), servers: [{ url: publicUrl() }] })
    app.get('/openapi.json', { schema: { hide: true } }, document)
    await app.register(referencePlugin, { document, version })
  },
  { name: 'openapi', fastify: '5.x' },
)

interface RouteOptions {
  onRequest?: unknown
  config?: { sends?: string[] }
  schema?: { description?: string; operationId?: string }
}

/** Describes what a route declares outside of its schema. */
function ofRoute({ route, schema }: { route: RouteOptions; schema: RouteOptions['schema'] }) {
  const access = accessOf(route.onRequest)
  const isLimited = access !== null && access.credentials[0] !== 'operatorKey'
  return {
    // The generator lengthens it, because most HEADs have a GET of the same name.
    ...(schema?.operationId && { operationId: schema.operationId.replace(/-head$/, '') }),
    description: [schema?.description, accessText(access)].filter(Boolean).join('\n\n'),
    security: securityOf(access),
    'x-sends': [...(route.config?.sends ?? []), ...(isLimited ? ['RateLimit'] : [])],
  }
}
