import type { Answer, Body } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'

/** Makes the calls for links that show an asset to people without a key. */
export const shareCalls = (client: ApiClient) => ({
  create: (assetId: string, body: Body<'createShare'> = {}, options?: CallOptions): Promise<Answer<'createShare'>> =>
    read(client.POST('/v1/assets/{id}/shares', { params: { path: { id: assetId } }, body, ...init(options) })),
  list: (assetId: string, options?: CallOptions): Promise<Answer<'listShares'>> =>
    read(client.GET('/v1/assets/{id}/shares', { params: { path: { id: assetId } }, ...init(options) })),
  get: (assetId: string, shareId: string, options?: CallOptions): Promise<Answer<'getShare'>> =>
    read(
      client.GET('/v1/assets/{id}/shares/{shareId}', { params: { path: { id: assetId, shareId } }, ...init(options) }),
    ),
  revoke: (assetId: string, shareId: string, options?: CallOptions): Promise<Answer<'revokeShare'>> =>
    read(
      client.DELETE('/v1/assets/{id}/shares/{shareId}', {
        params: { path: { id: assetId, shareId } },
        ...init(options),
      }),
    ),
})
