/** A place in a trace, as W3C Trace Context has it: https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** 1: it is sampled. */
  readonly traceFlags: number
  /** Whether another process made it. */
  readonly isRemote?: boolean
}

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** Reads a `traceparent`. Of a later version only what this one knows; null for what is not valid. */
export function parseTraceparent(text: unknown): TraceContext | null {
  if (typeof text !== 'string') return null
  const [, version, traceId, spanId, flags = '', rest] = TRACEPARENT.exec(text) ?? []
  if (!traceId || !spanId || (version === '00' && rest !== undefined)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}

export const formatTraceparent = ({ traceId, spanId, traceFlags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
