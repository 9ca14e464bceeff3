import { UPLOAD_DAYS } from '../provisioning/lifecycle-actions.ts'
import { withProvisionPlan } from '../provisioning/plan-provision.ts'
import type { StoreCheckContext } from './context.ts'

/** Sets rules of our own as `darkroom provision` does; those of others stay. @returns what changed, in words */
export function applyProvision({ settings, origins }: StoreCheckContext, part: 'cors' | 'lifecycle'): Promise<string> {
  const input = { settings, parts: [part], origins: [...origins], hiddenDays: UPLOAD_DAYS, events: null }
  return withProvisionPlan({ ...input, replace: false, renewKeys: false }, async plan => {
    if (plan.planned.length === 0) throw new Error('only rules of others are in the way')
    await plan.apply()
    return `set the ${part} rules of ${[...new Set(plan.planned.map(({ target }) => target))].join(' and ')}`
  })
}
