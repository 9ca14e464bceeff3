/**
 * Points at which a process can be made to die, for the fault harness: each names a moment between two writes that belong together.
 * `npm run chaos` kills a process at every one of them; at those of the import of a bucket, which is a command, its tests do.
 */
export const CRASHPOINTS = [
  'create.after-commit',
  'confirm.before-commit',
  'confirm.after-commit',
  'dispatch.after-mark',
  'dispatch.after-add',
  'claim.after-commit',
  'download.middle',
  'download.done',
  'promote.after-copy',
  'promote.after-commit',
  'plan.after-commit',
  'render.middle',
  'variant.after-put',
  'variant.after-commit',
  'multipart.after-create',
  'final.before-commit',
  'final.after-commit',
  'purge.after-delete',
  'sweep.after-head',
  'import.middle',
  'import.after-put',
  'bucket.before-claim',
  'bucket.after-claim',
  'bucket.after-copy',
  'bucket.before-confirm',
  'bucket.after-confirm',
  'bucket.before-cursor',
  'bucket.after-cursor',
  'backfill.before-commit',
  'backfill.after-commit',
  'project.before-commit',
  'project.after-commit',
  'webhooks.before-commit',
  'webhooks.after-commit',
  'delivery.after-claim',
  'delivery.after-answer',
  'delivery.after-commit',
] as const
export type Crashpoint = (typeof CRASHPOINTS)[number]

/** What keeps a job from being done twice or lost; the fault harness switches one off to prove that it notices. */
export type Defence = 'fence' | 'reconciler' | 'dedupe'

/**
 * Switches of the fault harness, passed in by its own entry points (`chaos/src/entries`). What ships passes `NO_FAULTS` and
 * reads no variable that could change that.
 */
export interface FaultInjection {
  /** Is called between two writes that belong together; a harness ends the process there. */
  crashpoint(name: Crashpoint): void
  isDisabled(defence: Defence): boolean
}

/** Every defence on, and no point at which a process ends. */
export const NO_FAULTS: FaultInjection = {
  crashpoint: () => undefined,
  isDisabled: () => false,
}
