import type { Explanation } from '@darkroom/contracts'
import { REFRESH_MS } from '../../ui/refresh.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { isNotFound } from '../shared/query-problem.tsx'

const UNSETTLED_MS = 2000

/** Reads why an asset is in its state. The id of one of its jobs works as well, because people paste either. */
export const useExplanation = (id: string) =>
  useAdminQuery({
    name: ['explain', id],
    read: api => explain(api, id),
    everyMs: data => (data?.isSettled === false ? UNSETTLED_MS : REFRESH_MS),
  })

async function explain(api: AdminApi, id: string): Promise<Explanation> {
  try {
    return await api.explainAsset(id)
  } catch (error) {
    if (!(error instanceof Error && isNotFound(error))) throw error
    const job = await api.readJob(id).catch(() => null)
    if (!job?.assetId) throw error
    return api.explainAsset(job.assetId)
  }
}
