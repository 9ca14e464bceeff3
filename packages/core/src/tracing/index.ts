export { TracingConfig } from './config.ts'
export { isTracing, type Span, type SpanOptions, startSpan, withSpan } from './span.ts'
export { startTracing } from './start-tracing.ts'
export { formatTraceparent, parseTraceparent, type TraceContext } from './trace-context.ts'
