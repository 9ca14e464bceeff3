import type {
  Asset,
  AssetSummary,
  CreateUpload,
  PartsSigned,
  ServiceStatus,
  UploadConfirmed,
  UploadCreated,
  UploadInstructions,
  UploadState,
  View,
} from '@darkroom/contracts'
import { networkError } from './api-error.ts'
import { createRequest, type RequestDeps, type RequestOptions } from './request.ts'

export interface AssetPage {
  items: AssetSummary[]
  nextCursor: string | null
}

/** A poll that hangs holds back all that are followed. */
const POLL_TIMEOUT_MS = 30_000

/** Asked to find out whether the service is there. */
const STATUS_TIMEOUT_MS = 8000

/** A request body holds at most this many ids. */
const MAX_STATUS_IDS = 200

/** The part of the HTTP contract that the page uses. Every method throws `ApiError`. */
export type Api = ReturnType<typeof createApi>

export function createApi(deps: RequestDeps) {
  const request = createRequest(deps)

  async function read<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
    const answer = await request(method, path, options)
    return answer.json().catch(cause => {
      throw networkError(cause)
    })
  }

  return {
    status: () => read<ServiceStatus>('GET', '/v1/status', { isPublic: true, timeoutMs: STATUS_TIMEOUT_MS }),

    createUpload: (body: CreateUpload, idempotencyKey: string) =>
      read<UploadCreated>('POST', '/v1/uploads', { body, headers: { 'idempotency-key': idempotencyKey } }),
    renewUpload: (id: string) => read<{ upload: UploadInstructions }>('POST', `/v1/uploads/${id}/renew`, { body: {} }),
    readUpload: (id: string) => read<UploadState>('GET', `/v1/uploads/${id}`),
    signParts: (id: string, partNumbers: number[]) =>
      read<PartsSigned>('POST', `/v1/uploads/${id}/parts`, { body: { partNumbers } }),
    confirmUpload: (id: string) => read<UploadConfirmed>('POST', `/v1/uploads/${id}/confirm`, { body: {} }),
    async abortUpload(id: string): Promise<void> {
      await request('DELETE', `/v1/uploads/${id}`)
    },

    listAssets({ limit, cursor }: { limit: number; cursor: string | null }) {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) })
      return read<AssetPage>('GET', `/v1/assets?${query}`)
    },
    /** Reads any number of assets, 200 a request. Those that are deleted are left out. */
    async readAssets(ids: string[]): Promise<Asset[]> {
      const chunks = Array.from({ length: Math.ceil(ids.length / MAX_STATUS_IDS) }, (_, index) =>
        ids.slice(index * MAX_STATUS_IDS, (index + 1) * MAX_STATUS_IDS),
      )
      const answers = await Promise.all(
        chunks.map(ids =>
          read<{ items: Asset[] }>('POST', '/v1/assets/status', { body: { ids }, timeoutMs: POLL_TIMEOUT_MS }),
        ),
      )
      return answers.flatMap(answer => answer.items)
    },
    /** URLs of the variants that need no key, for an hour. */
    openView: (id: string) => read<View>('GET', `/v1/assets/${id}/view`),
    async deleteAsset(id: string): Promise<void> {
      await request('DELETE', `/v1/assets/${id}`)
    },
    async reprocessAsset(id: string): Promise<void> {
      await request('POST', `/v1/assets/${id}/reprocess`, { body: {} })
    },
  }
}
