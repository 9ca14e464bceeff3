import type { Asset, Variant } from '@darkroom/contracts'
import { activityOf } from './follow-policy.ts'
import { isSameError } from './same-error.ts'

/** Describes a variant that is not ready. What is said of the asset is not repeated for each of its variants. */
export function variantNote(asset: Asset, { status, error }: Pick<Variant, 'status' | 'error'>): string {
  if (error && isSameError(error, asset.error)) return 'Not made'
  if (error) return `${error.message} (${error.code})`
  if (status === 'failed') return 'Could not be made'
  return activityOf(asset) === 'busy' ? 'Processing' : 'Not made yet'
}
