import { createLogger } from '@darkroom/core'
import { describe, expect, it, vi } from 'vitest'
import { call, confirmedUpload, deliveredUpload, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const withId = (id: string) => ({ headers: { 'x-request-id': id } })

describe('X-Request-Id', () => {
  it.each([
    'a',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'Root=1-67891233-abcdef012345678912345678',
    'a/b+c:d@e_f.g',
    'x'.repeat(128),
  ])('answers with the id that came: %s', async id => {
    const answer = await api.call('GET', '/healthz', withId(id))
    expect(answer.headers['x-request-id']).toBe(id)
  })

  it.each(['', 'x'.repeat(129), 'two words', 'a,b', '"a"', "'", 'a;b', '$(id)', '<b>', 'a\\b', 'é'])(
    'answers with a new one for what is not allowed: %s',
    async id => {
      const answer = await api.call('GET', '/healthz', withId(id))
      expect(answer.headers['x-request-id']).toMatch(UUID)
    },
  )

  it.each([
    ['a request without a key', 'GET', '/v1/assets', { key: null }, '401 UNAUTHORIZED'],
    ['an unknown path', 'GET', '/nowhere', {}, '404 NOT_FOUND'],
    ['another method', 'DELETE', '/v1/assets', {}, '405 METHOD_NOT_ALLOWED'],
    ['a body that is no JSON', 'POST', '/v1/uploads', { body: '{' }, '400 INVALID_REQUEST'],
    ['a path that cannot be read', 'GET', '/v1/assets/%zz', {}, '400 INVALID_REQUEST'],
  ] as const)('answers %s with its id, in the problem too', async (_title, method, url, options, expected) => {
    const answer = await api.call(method, url, { ...options, ...withId('mine-1') })
    expect(problemOf(answer)).toBe(expected)
    expect(answer.headers['x-request-id']).toBe('mine-1')
  })
})

describe('the job that a request causes', () => {
  const requestIdOf = async (jobId: string): Promise<string | null> => {
    const answer = await api.call('GET', `/v1/admin/jobs/${jobId}`)
    return answer.json<{ job: { requestId: string | null } }>().job.requestId
  }

  it('keeps the id of its request, and not that of one that requeues it', async () => {
    const { upload } = await deliveredUpload(api)
    const confirmed = await api.call('POST', `/v1/uploads/${upload.id}/confirm`, { ...withId('confirm-1'), body: {} })
    const { job } = confirmed.json<{ job: { id: string } }>()
    expect(await requestIdOf(job.id)).toBe('confirm-1')
    await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`, withId('cancel-1'))
    const requeued = await api.call('POST', `/v1/admin/jobs/${job.id}/requeue`, withId('requeue-1'))
    expect([requeued.statusCode, requeued.headers['x-request-id']]).toEqual([202, 'requeue-1'])
    expect(await requestIdOf(job.id)).toBe('confirm-1')
  })

  it('keeps it also for an import and a deletion', async () => {
    const imported = await api.call('POST', '/v1/imports', {
      ...withId('import-1'),
      body: { url: 'https://example.com/a.jpg' },
    })
    expect(await requestIdOf(imported.json<{ job: { id: string } }>().job.id)).toBe('import-1')
    const { asset } = await confirmedUpload(api)
    expect((await api.call('DELETE', `/v1/assets/${asset.id}`, withId('delete-1'))).statusCode).toBe(202)
    const jobs = await api.call('GET', `/v1/admin/jobs?assetId=${asset.id}`)
    const { items } = jobs.json<{ items: { name: string; requestId: string }[] }>()
    expect(items.find(({ name }) => name === 'asset.delete')?.requestId).toBe('delete-1')
  })
})

describe('log lines of a request', () => {
  it('have its id, once', async () => {
    const texts: string[] = []
    const app = await api.variant({ logger: createLogger('test', 'info', line => texts.push(line)) })
    vi.spyOn(api.deps.store, 'presignPut').mockRejectedValue(new Error('broken'))
    const body = { filename: 'a.jpg', contentType: 'image/jpeg', byteSize: 3 }
    const answer = await call(app, 'POST', '/v1/uploads', { key: api.key, body, ...withId('broken-1') })
    expect(problemOf(answer)).toBe('500 INTERNAL')
    const [line = ''] = texts.filter(text => text.includes('POST /v1/uploads failed'))
    expect(JSON.parse(line)).toMatchObject({ requestId: 'broken-1', part: 'api' })
    expect(line.match(/requestId/g)).toHaveLength(1)
  })
})
