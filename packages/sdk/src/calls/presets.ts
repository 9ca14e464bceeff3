import type { Answer, Body, Query } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'
import { eachOf } from './pages.ts'

export function presetCalls(client: ApiClient) {
  const list = (query: Query<'listPresets'> = {}, options?: CallOptions): Promise<Answer<'listPresets'>> =>
    read(client.GET('/v1/presets', { params: { query }, ...init(options) }))

  return {
    list,
    /** Every preset, page by page. */
    each: eachOf(list),
    create: (body: Body<'createPreset'>, options?: CallOptions): Promise<Answer<'createPreset'>> =>
      read(client.POST('/v1/presets', { body, ...init(options) })),
    /** All versions. */
    get: (name: string, options?: CallOptions): Promise<Answer<'getPreset'>> =>
      read(client.GET('/v1/presets/{name}', { params: { path: { name } }, ...init(options) })),
    getVersion: (name: string, version: number, options?: CallOptions): Promise<Answer<'getPresetVersion'>> =>
      read(
        client.GET('/v1/presets/{name}/{version}', {
          params: { path: { name, version: String(version) } },
          ...init(options),
        }),
      ),
    /** Makes one variant of an asset by a definition that is not stored; the answer has the file. */
    preview: (body: Body<'previewPreset'>, options?: CallOptions): Promise<Answer<'previewPreset'>> =>
      read(client.POST('/v1/presets/preview', { body, ...init(options) })),
    /** What applying it would change and cost. */
    plan: (name: string, body: Body<'planPreset'>, options?: CallOptions): Promise<Answer<'planPreset'>> =>
      read(client.POST('/v1/presets/{name}/plan', { params: { path: { name } }, body, ...init(options) })),
    apply: (name: string, body: Body<'applyPreset'>, options?: CallOptions): Promise<Answer<'applyPreset'>> =>
      read(client.POST('/v1/presets/{name}/apply', { params: { path: { name } }, body, ...init(options) })),
  }
}

/** Makes the calls for what `presets.apply` started. */
export const backfillCalls = (client: ApiClient) => ({
  list: (query: Query<'listBackfills'> = {}, options?: CallOptions): Promise<Answer<'listBackfills'>> =>
    read(client.GET('/v1/backfills', { params: { query }, ...init(options) })),
  get: (id: string, options?: CallOptions): Promise<Answer<'getBackfill'>> =>
    read(client.GET('/v1/backfills/{id}', { params: { path: { id } }, ...init(options) })),
  pause: (id: string, options?: CallOptions): Promise<Answer<'pauseBackfill'>> =>
    read(client.POST('/v1/backfills/{id}/pause', { params: { path: { id } }, ...init(options) })),
  resume: (id: string, options?: CallOptions): Promise<Answer<'resumeBackfill'>> =>
    read(client.POST('/v1/backfills/{id}/resume', { params: { path: { id } }, ...init(options) })),
  cancel: (id: string, options?: CallOptions): Promise<Answer<'cancelBackfill'>> =>
    read(client.POST('/v1/backfills/{id}/cancel', { params: { path: { id } }, ...init(options) })),
})
