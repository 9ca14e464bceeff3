// What can be planned without the means to make it: nothing here loads sharp, so the API may use it.
export { Facts } from './facts.ts'
export { type Engines, fingerprint } from './fingerprint.ts'
export { variantsToMake } from './plan/variants-to-make.ts'
export { type Plan, plan } from './plan.ts'
export { planSource } from './plan-source.ts'
export type { PlannedVariant } from './planned.ts'
