/**
 * Where a process can be made to die, for the fault harness: each names a moment between two writes that belong together.
 * `npm run chaos` kills a process at every one of them.
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

/** `<name>` or `<name>:<n>`, which dies at the n-th time that it is passed. */
const [armed, nth = '1'] = (process.env.DARKROOM_CRASHPOINT ?? '').split(':')
let passed = 0

/** Kills this process with SIGKILL when `DARKROOM_CRASHPOINT` names the point; else nothing. */
export function crashpoint(name: Crashpoint): void {
  if (name !== armed) return
  passed += 1
  if (passed === Number(nth)) process.kill(process.pid, 'SIGKILL')
}
