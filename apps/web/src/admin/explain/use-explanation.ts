import type { Explanation } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { isNotFound } from '../shared/query-problem.tsx'

const UNSETTLED_MS = 2000

/** Reads why an asset is in its state. The id of one of its jobs works as well, because people paste either. */
export const useExplanation = (id: string) =>
  useAdminQuery<Explanation>({
    name: ['explain', id],
    read: ({ admin }) => explain(admin, id),
    everyMs: data => (data?.isSettled === false ? UNSETTLED_MS : REFRESH_MS),
  })

async function explain(admin: Darkroom['admin'], id: string) {
  try {
    return await admin.explainAsset(id)
  } catch (error) {
    if (!(error instanceof Error && isNotFound(error))) throw error
    const found = await admin.jobs.get(id).catch(() => null)
    if (!found?.job.assetId) throw error
    return admin.explainAsset(found.job.assetId)
  }
}
