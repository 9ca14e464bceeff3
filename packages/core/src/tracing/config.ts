import { z } from 'zod'

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** Reads `key=value,key=value`, percent-encoded: https://www.w3.org/TR/baggage/ */
const pairs = z
  .string()
  .default('')
  .transform((text, context): Record<string, string> => {
    const parts = text.split(',').flatMap(part => part.trim() || [])
    const entries = parts.map(part => /^([^=\s]+)\s*=\s*(.*)$/.exec(part)?.slice(1).map(decode) ?? [])
    if (entries.every(([key, value]) => key != null && value != null)) return Object.fromEntries(entries)
    context.addIssue('expected key=value pairs, comma-separated and percent-encoded')
    return z.NEVER
  })

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Where traces are sent, in the standard variables: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const TracingConfig = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected the URL of an OTLP/HTTP receiver, such as http://collector:4318' })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe('URL of an OTLP/HTTP receiver of traces, without `/v1/traces`. Default: no traces are made.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'])
    .default('http/protobuf')
    .describe('Encoding of traces. gRPC is not supported.'),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.describe(
    'Headers of requests to the receiver, such as an API key: `key=value`, comma-separated and percent-encoded.',
  ),
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .describe(
      'Name of the process in traces. Default: `darkroom-api`, `darkroom-worker`, or `darkroom` for `darkroom start`.',
    ),
  OTEL_RESOURCE_ATTRIBUTES: pairs.describe(
    'More attributes of the process in traces, such as `deployment.environment.name=staging`, in the same form as the headers.',
  ),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS)
    .default('parentbased_always_on')
    .describe('Which traces are sent. `parentbased_` leaves it to the client that sends a `traceparent`.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of the traces that a sampler with `traceidratio` sends, from 0 to 1.'),
})
export type TracingConfig = z.output<typeof TracingConfig>
