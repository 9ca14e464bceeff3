import { type Check, fine, warning } from '@darkroom/core/checks'
import type { StoreCheckContext } from './context.ts'
import { SCRATCH_PREFIX } from './scratch.ts'

/** Comes last. */
export const CLEANUP_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'doctor.cleanup',
    title: 'nothing of these checks is left behind',
    cause: 'The key may not list or delete, as that of an API.',
    fix: `Run darkroom doctor once with the key of a worker: it deletes what lies below ${SCRATCH_PREFIX} for an hour.`,
    needs: ['key.private-bucket'],
    async look({ scratch, role }) {
      const left = await scratch.cleanUp()
      if (left === 0) return fine('everything is deleted')
      const seen = `${left} small objects below ${SCRATCH_PREFIX} stay, because the key may not delete`
      return role === 'api' ? fine(seen) : warning(seen)
    },
  },
]
