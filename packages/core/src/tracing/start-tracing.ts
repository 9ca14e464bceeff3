import { setTimeout as sleep } from 'node:timers/promises'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { withCorrelation } from '../correlation.ts'
import { newId } from '../ids.ts'
import type { Logger } from '../logger.ts'
import type { TracingConfig } from './config.ts'
import { useSpanMaker } from './span.ts'

/** For the last spans when a process stops. A receiver that is down gets no more time. */
const FLUSH_MS = 2000
/** For one request to the receiver, with its retries. */
const EXPORT_MS = 10_000
/** Spans beyond these are dropped: a receiver that is down must not fill our memory. */
const MAX_QUEUED = 2048
const MAX_BATCH = 512
const EVERY_MS = 1000

export interface TracedProcess {
  /** Unless `OTEL_SERVICE_NAME` says it. */
  serviceName: string
  version: string
  logger: Logger
}

/**
 * Sends spans of this process from now on, if `OTEL_EXPORTER_OTLP_ENDPOINT` says where to. Loads the SDK only then. Nothing waits for
 * the receiver: spans are sent in the background, and dropped when it does not take them.
 * @returns a function that sends what is left, and ends it within two seconds
 */
export async function startTracing(config: TracingConfig, traced: TracedProcess): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config
  if (!endpoint) return async () => undefined
  const [{ ROOT_CONTEXT, trace }, sdk, { defaultResource, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
  ])
  const exporter = reporting(await createExporter(config, endpoint), traced.logger)
  const provider = new sdk.TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': config.OTEL_SERVICE_NAME ?? traced.serviceName,
        'service.version': traced.version,
        'service.instance.id': newId(),
        ...config.OTEL_RESOURCE_ATTRIBUTES,
      }),
    ),
    sampler: createSampler(sdk, config),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUED,
        maxExportBatchSize: MAX_BATCH,
        scheduledDelayMillis: EVERY_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  })
  useSpanMaker({
    tracer: provider.getTracer('darkroom', traced.version),
    contextOf: parent => (parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT),
  })
  return async () => {
    useSpanMaker(null)
    const flushed = provider.shutdown().catch(() => undefined)
    await Promise.race([flushed, sleep(FLUSH_MS, undefined, { ref: false })])
  }
}

async function createExporter(config: TracingConfig, endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    config.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    timeoutMillis: EXPORT_MS,
  })
}

/** Logs when spans are lost, once until they are taken again. */
function reporting(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isLosing = false
  const report = (isLost: boolean, error?: Error) => {
    if (isLost && !isLosing) logger.warn({ err: error }, 'traces are lost: the receiver does not take them')
    if (!isLost && isLosing) logger.info('the receiver takes traces again')
    isLosing = isLost
  }
  return {
    export(spans, done) {
      exporter.export(spans, result => {
        // It is called in the context of some span, to which the others do not belong.
        withCorrelation({}, () => report(result.code !== 0, result.error))
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

function createSampler(sdk: typeof import('@opentelemetry/sdk-trace'), config: TracingConfig) {
  const { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio } = config
  const roots = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(ratio),
  }
  const sampler = roots[name.replace('parentbased_', '') as keyof typeof roots]()
  return name.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root: sampler }) : sampler
}
