import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemOf, readyAsset, startTestApi, type TestApi } from './harness.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

describe('reprocess', () => {
  it('asked for ten times at once makes one job', async () => {
    const { asset } = await readyAsset(api)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST', `/v1/assets/${asset.id}/reprocess`, { key: api.key })),
    )
    expect(answers.filter(answer => answer.statusCode === 202)).toHaveLength(1)
    const refused = answers.filter(answer => answer.statusCode !== 202)
    expect(new Set(refused.map(problemOf))).toEqual(new Set(['409 ASSET_NOT_SETTLED']))
  })

  it('and a deletion at once end with the deletion, and never with a 500', async () => {
    for (let round = 0; round < 5; round++) {
      const { asset } = await readyAsset(api)
      const url = `/v1/assets/${asset.id}`
      const [reprocessed, deleted] = await Promise.all([
        api.call('POST', `${url}/reprocess`, { key: api.key }),
        api.call('DELETE', url, { key: api.key }),
      ])
      expect(deleted.statusCode).toBe(202)
      expect([202, 409, 410]).toContain(reprocessed.statusCode)
    }
  })
})
