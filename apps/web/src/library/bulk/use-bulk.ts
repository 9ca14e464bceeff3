import type { AssetSummary } from '@darkroom/contracts'
import type { Body } from '@darkroom/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { useNotice } from '../../ui/notice.tsx'
import type { PageList } from '../data/page-list.ts'
import { LIBRARY_KEY } from '../data/use-library-queries.ts'
import { inChunks } from './in-chunks.ts'

/** How long a deletion can be undone, in seconds. */
const UNDO_SEC = 3600

type Change = Body<'changeAssets'>
type Action = Change extends infer Each
  ? Each extends { action: string }
    ? Omit<Each, 'ids' | 'filter'>
    : never
  : never

const assetsOf = (count: number) => (count === 1 ? '1 asset' : `${count} assets`)
const without = (tags: readonly string[], gone: readonly string[]) => tags.filter(tag => !gone.includes(tag))

/** Returns what changes many assets of a list: what is safe is shown at once, and taken back when it fails. */
export function useBulk(list: PageList) {
  const { clients } = useServices()
  const { say, fail } = useNotice()
  const queryClient = useQueryClient()
  return useMemo(() => {
    /** @returns the ids that were changed */
    async function change(ids: readonly string[], action: Action): Promise<string[]> {
      const answers = await inChunks(ids, some => clients().patient.assets.change({ ...action, ids: some } as Change))
      for (const key of [LIBRARY_KEY, 'library']) void queryClient.invalidateQueries({ queryKey: [key] })
      return answers
        .flatMap(({ items }) => items ?? [])
        .flatMap(({ id, outcome }) => (outcome === 'changed' ? [id] : []))
    }
    const patch = (ids: readonly string[], edit: (asset: AssetSummary) => Partial<AssetSummary>) =>
      list.patch(new Set(ids), asset => ({ ...asset, ...edit(asset) }))

    /** Hides assets while they are changed, and shows again those that were not. */
    async function hidden(ids: readonly string[], action: Action): Promise<string[]> {
      list.hide(ids, true)
      try {
        const changed = await change(ids, action)
        const kept = new Set(changed)
        list.hide(
          ids.filter(id => !kept.has(id)),
          false,
        )
        return changed
      } catch (error) {
        list.hide(ids, false)
        throw error
      }
    }

    async function restore(ids: readonly string[]): Promise<void> {
      try {
        await change(ids, { action: 'restore' })
        list.hide(ids, false)
        // It may have been read anew since, without them.
        if (ids.some(id => !list.has(id))) await list.renew()
        say(`${assetsOf(ids.length)} restored.`)
      } catch (error) {
        fail(error)
      }
    }

    return {
      async remove(ids: readonly string[]): Promise<void> {
        try {
          const changed = await hidden(ids, { action: 'delete', undoSec: UNDO_SEC })
          say(`${assetsOf(changed.length)} deleted. Final in an hour.`, {
            label: 'Undo',
            run: () => void restore(changed),
          })
        } catch (error) {
          fail(error)
        }
      },
      /** Keeps assets of the list of those that will be deleted. */
      async keep(ids: readonly string[]): Promise<void> {
        try {
          say(`${assetsOf((await hidden(ids, { action: 'restore' })).length)} restored.`)
        } catch (error) {
          fail(error)
        }
      },
      async tag(ids: readonly string[], tags: string[]): Promise<void> {
        const changed = await change(ids, { action: 'tag', tags })
        patch(changed, asset => ({ tags: [...asset.tags, ...without(tags, asset.tags)] }))
        const rest = ids.length - changed.length
        say(
          `${assetsOf(changed.length)} tagged.${rest > 0 ? ` ${assetsOf(rest)} had that already, or no room for more tags.` : ''}`,
        )
      },
      async untag(ids: readonly string[], tags: string[]): Promise<void> {
        const changed = await change(ids, { action: 'untag', tags })
        patch(changed, asset => ({ tags: without(asset.tags, tags) }))
        say(`Tags taken off ${assetsOf(changed.length)}.`)
      },
      /** @param isOther whether the list shows another folder, so that what was moved leaves it */
      async move(ids: readonly string[], folder: string, isOther: boolean): Promise<void> {
        const changed = await change(ids, { action: 'move', folder })
        if (isOther) list.hide(changed, true)
        else patch(changed, () => ({ folder }))
        say(`${assetsOf(changed.length)} moved to ${folder === '' ? 'the top' : folder}.`)
      },
    }
  }, [clients, list, say, fail, queryClient])
}

export type Bulk = ReturnType<typeof useBulk>
