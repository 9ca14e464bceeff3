import type { Transport } from '../transport.ts'
import type { Answer, Asset, AssetSummary, Body, Query } from '../types.ts'
import { type WaitOptions, waitUntilReady } from '../wait-until-ready.ts'
import { type ApiClient, headersOf, init, read } from './call.ts'
import type { CallOptions, DownloadOptions } from './call-options.ts'
import { eachOf, type Page } from './pages.ts'

/** A request holds at most this many ids. */
const MAX_IDS = 200

export const assetCalls = (client: ApiClient, baseUrl: string, transport: Transport) => {
  const list = (query: Query<'listAssets'> = {}, options?: CallOptions): Promise<Page<AssetSummary>> =>
    read(client.GET('/v1/assets', { params: { query }, ...init(options) })) as Promise<Page<AssetSummary>>

  const get = (id: string, options?: CallOptions): Promise<Asset> =>
    read(client.GET('/v1/assets/{id}', { params: { path: { id } }, ...init(options) }))

  function download(id: string, { variant, ttl, from, signal, ...options }: DownloadOptions = {}): Promise<Response> {
    const query = new URLSearchParams({ ...(variant && { variant }), ...(ttl && { ttl: String(ttl) }) })
    const headers = {
      ...headersOf(options),
      // The bytes of the file itself, which `from` counts, and not of a compressed form.
      'accept-encoding': 'identity',
      ...(from !== undefined && { range: `bytes=${from}-` }),
    }
    const url = `${baseUrl}/v1/assets/${encodeURIComponent(id)}/download?${query}`
    return transport(new Request(url, { headers, signal: signal ?? null }), { isStreamed: true, isLink: true })
  }

  return {
    get,
    /** One page of assets. */
    list,
    /** Every asset that fits, page by page. */
    each: eachOf(list),
    /** Any number of assets, 200 a request. */
    async getMany(ids: string[], options?: CallOptions): Promise<Answer<'getAssetStatuses'>> {
      const few = (some: string[]) => read(client.POST('/v1/assets/status', { body: { ids: some }, ...init(options) }))
      const parts = Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, at) =>
        few(ids.slice(at * MAX_IDS, (at + 1) * MAX_IDS)),
      )
      const answers = await Promise.all(parts)
      return { items: answers.flatMap(({ items }) => items), notFound: answers.flatMap(({ notFound }) => notFound) }
    },
    update: (id: string, body: Body<'updateAsset'>, options?: CallOptions): Promise<Asset> =>
      read(client.PATCH('/v1/assets/{id}', { params: { path: { id } }, body, ...init(options) })),
    /** Tags, moves, deletes or restores many assets. */
    change: (body: Body<'changeAssets'>, options?: CallOptions): Promise<Answer<'changeAssets'>> =>
      read(client.POST('/v1/assets/bulk', { body, ...init(options) })),
    delete: (id: string, options?: CallOptions): Promise<Answer<'deleteAsset'>> =>
      read(client.DELETE('/v1/assets/{id}', { params: { path: { id } }, ...init(options) })),
    reprocess: (
      id: string,
      body: Body<'reprocessAsset'> = {},
      options?: CallOptions,
    ): Promise<Answer<'reprocessAsset'>> =>
      read(client.POST('/v1/assets/{id}/reprocess', { params: { path: { id } }, body, ...init(options) })),
    /** What a web page needs to show the asset. */
    manifest: (
      id: string,
      query: Query<'getAssetManifest'> = {},
      options?: CallOptions,
    ): Promise<Answer<'getAssetManifest'>> =>
      read(client.GET('/v1/assets/{id}/manifest', { params: { path: { id }, query }, ...init(options) })),
    /** URLs of a private asset that need no key, for a while. */
    view: (id: string, options?: CallOptions): Promise<Answer<'getAssetView'>> =>
      read(client.GET('/v1/assets/{id}/view', { params: { path: { id } }, ...init(options) })),
    /** The bytes of the original or a variant, as they come in. */
    download,
    /** A URL of the original or a variant that needs no key, for a while. */
    async downloadUrl(id: string, options?: DownloadOptions): Promise<string> {
      const answer = await download(id, options)
      await answer.body?.cancel()
      return answer.url
    },
    /** A URL of a ZIP file with a file of each of many assets. It needs no key, for 15 minutes. */
    archive: (body: Body<'createArchive'>, options?: CallOptions): Promise<Answer<'createArchive'>> =>
      read(client.POST('/v1/archives', { body, ...init(options) })),
    takeDown: (id: string, body: Body<'takeDownAsset'>, options?: CallOptions): Promise<Answer<'takeDownAsset'>> =>
      read(client.POST('/v1/assets/{id}/takedown', { params: { path: { id } }, body, ...init(options) })),
    receipt: (id: string, options?: CallOptions): Promise<Answer<'getDeletionReceipt'>> =>
      read(client.GET('/v1/assets/{id}/receipt', { params: { path: { id } }, ...init(options) })),
    /** How many assets fit, by kind and status. */
    counts: (query: Query<'countAssets'> = {}, options?: CallOptions): Promise<Answer<'countAssets'>> =>
      read(client.GET('/v1/assets/counts', { params: { query }, ...init(options) })),
    tags: (query: Query<'listTags'> = {}, options?: CallOptions): Promise<Answer<'listTags'>> =>
      read(client.GET('/v1/tags', { params: { query }, ...init(options) })),
    folders: (query: Query<'listFolders'> = {}, options?: CallOptions): Promise<Answer<'listFolders'>> =>
      read(client.GET('/v1/folders', { params: { query }, ...init(options) })),
    /**
     * Waits until the asset is ready or partly ready, by events, and by polling where these do not get through.
     * @throws DarkroomError with the code of `asset.error` when processing failed
     */
    waitUntilReady: (id: string, options: WaitOptions = {}): Promise<Asset> =>
      waitUntilReady({ baseUrl, transport }, id, options),
  }
}
