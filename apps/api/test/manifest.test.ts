import type { Manifest } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { confirmedUpload, problemOf, readyAsset } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const manifestOf = (id: string, query = '') => api.call('GET', `/v1/assets/${id}/manifest${query}`)

it('names what is ready at the CDN, with the snippet that shows it', async () => {
  const { asset } = await readyAsset(api)
  const answer = await manifestOf(asset.id, '?sizes=50vw&alt=a%20%22cat%22')
  expect(answer.statusCode).toBe(200)
  const { picture, html } = answer.json<Manifest>()
  expect(picture).toEqual({
    sources: [],
    img: {
      src: asset.variants[0]?.url,
      srcset: `${asset.variants[0]?.url} 16w`,
      sizes: '50vw',
      width: 16,
      height: 9,
    },
  })
  expect(html).toContain('alt="a &quot;cat&quot;"')
  expect(answer.body).not.toMatch(/X-Amz-/i)
})

it('is empty while nothing is ready', async () => {
  const { asset } = await confirmedUpload(api)
  expect((await manifestOf(asset.id)).json()).toMatchObject({ kind: null, picture: null, sources: [], html: null })
})

it('is gone at once when the asset is deleted', async () => {
  const { asset } = await readyAsset(api)
  await api.call('DELETE', `/v1/assets/${asset.id}`)
  expect(problemOf(await manifestOf(asset.id))).toBe('410 ASSET_DELETED')
})

it('refuses more text than an attribute needs', async () => {
  const { asset } = await readyAsset(api)
  expect(problemOf(await manifestOf(asset.id, `?alt=${'x'.repeat(2001)}`))).toBe('400 INVALID_REQUEST')
})
