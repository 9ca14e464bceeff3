import type { Backfill, Preset, PresetPlan, PresetVersions } from '@darkroom/contracts'
import { type Page, queryString } from './query-string.ts'
import type { Send, SendOnce } from './send.ts'

export interface NewBackfill {
  version: number
  /** So many assets first. */
  canary: number
  /** Jobs per minute at most; without it as many as workers take. */
  ratePerMinute?: number
}

export type BackfillAction = 'pause' | 'resume' | 'cancel'

interface PageQuery {
  limit: number
  cursor: string | null
}

export function createPresetApi(send: Send, sendOnce: SendOnce) {
  const one = (name: string) => `/v1/presets/${encodeURIComponent(name)}`
  return {
    listPresets: (query: PageQuery) => send<Page<Preset>>('GET', `/v1/presets?${queryString({ ...query })}`),
    readPreset: (name: string) => send<PresetVersions>('GET', one(name)),
    planPreset: (name: string, version: number) => send<PresetPlan>('POST', `${one(name)}/plan`, { version }),
    applyPreset: (name: string, body: NewBackfill) => sendOnce<{ backfill: Backfill }>(`${one(name)}/apply`, body),
    listBackfills: (query: PageQuery) => send<Page<Backfill>>('GET', `/v1/backfills?${queryString({ ...query })}`),
    changeBackfill: (id: string, action: BackfillAction) =>
      send<{ backfill: Backfill }>('POST', `/v1/backfills/${id}/${action}`, {}),
  }
}
