import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { correlation, withCorrelation } from '../correlation.ts'
import { TracingConfig } from './config.ts'
import { isTracing, withSpan } from './span.ts'
import { formatTraceparent, parseTraceparent } from './trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

describe('traceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    // Other flags are not known to version 00.
    [`00-${TRACE}-${SPAN}-03`, 1],
    [`01-${TRACE}-${SPAN}-01-more`, 1],
  ])('reads %s', (text, traceFlags) => {
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true })
  })

  it.each([
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-1`,
  ])('does not take %s', text => {
    expect(parseTraceparent(text)).toBeNull()
  })

  it('is written as it was read', () => {
    const text = `00-${TRACE}-${SPAN}-01`
    const read = parseTraceparent(text)
    expect(read && formatTraceparent(read)).toBe(text)
  })
})

describe('where no traces are sent', () => {
  it('a span passes on the trace that it belongs to, and throws what its work throws', async () => {
    expect(isTracing()).toBe(false)
    const trace = parseTraceparent(`00-${TRACE}-${SPAN}-01`) ?? undefined
    const inner = await withCorrelation({ trace }, () => withSpan('work', {}, async () => correlation().trace))
    expect(inner).toEqual(trace)
    await expect(withSpan('work', {}, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})

describe('TracingConfig', () => {
  it('reads headers and attributes, percent-encoded', () => {
    const config = parseConfig(TracingConfig, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%2Cb, x-team = media',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    })
    expect(config).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: { 'api-key': 'a,b', 'x-team': 'media' },
      OTEL_RESOURCE_ATTRIBUTES: { 'deployment.environment.name': 'staging' },
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    })
  })

  it('does not print headers, which may be secret', () => {
    const read = () => parseConfig(TracingConfig, { OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' })
    expect(read).toThrow(/OTEL_EXPORTER_OTLP_HEADERS: expected key=value pairs/)
    expect(read).not.toThrow(/hunter2/)
  })
})
