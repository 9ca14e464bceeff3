import type { Attributes, Context, Tracer } from '@opentelemetry/api'
import { isAppError } from '../app-error.ts'
import { correlation, withCorrelation } from '../correlation.ts'
import type { TraceContext } from './trace-context.ts'

/** As `SpanKind` of OpenTelemetry, whose package is loaded only where traces are sent. */
const KINDS = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const
const STATUS_ERROR = 2

export interface SpanOptions {
  kind?: keyof typeof KINDS
  /** No name, key or URL of a file: traces go to another service. */
  attributes?: Attributes
  /** Default: the span that the caller's work belongs to. Null begins a trace. */
  parent?: TraceContext | null | undefined
  /** Makes no span of work that belongs to none, such as maintenance: a trace of its own would say nothing. */
  needsParent?: boolean
}

/** A piece of work with a beginning and an end. */
export interface Span {
  /** What belongs to it has this as its parent; what it got itself where no traces are sent. */
  readonly trace: TraceContext | undefined
  set(attributes: Attributes): void
  /** Marks it as failed, with the code of the first error. The message is left out: it may name a file. */
  fail(error: unknown): void
  end(): void
}

/** What makes spans in this process. */
export interface SpanMaker {
  tracer: Tracer
  contextOf(parent: TraceContext | null): Context
}

let maker: SpanMaker | null = null

/** Has all spans from now on be made by this; null has none be made. */
export function useSpanMaker(next: SpanMaker | null): void {
  maker = next
}

/** Tells whether traces are sent. */
export const isTracing = (): boolean => maker !== null

/** Starts a span. Its caller ends it. Costs one comparison where no traces are sent. */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  const { kind = 'internal', attributes = {}, parent = correlation().trace, needsParent = false } = options
  if (!maker || (needsParent && !parent)) return notRecorded(parent ?? undefined)
  const span = maker.tracer.startSpan(name, { kind: KINDS[kind], attributes }, maker.contextOf(parent ?? null))
  let hasFailed = false
  return {
    trace: span.spanContext(),
    set: more => void span.setAttributes(more),
    fail(error) {
      if (!hasFailed) span.setAttribute('error.type', errorTypeOf(error)).setStatus({ code: STATUS_ERROR })
      hasFailed = true
    },
    end: () => span.end(),
  }
}

/** Runs work in a span: what it starts has that span as its parent. An error that it throws is one of the span. */
export async function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = startSpan(name, options)
  try {
    return await withCorrelation({ ...correlation(), trace: span.trace }, () => work(span))
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}

const notRecorded = (trace: TraceContext | undefined): Span => ({
  trace,
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
})

function errorTypeOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (isAppError(error)) return error.code
  return error instanceof Error ? error.name : typeof error
}
