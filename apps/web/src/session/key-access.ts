import type { CurrentKey, Scope } from '@darkroom/contracts'

/** What a page or an action needs of the key: a scope, or a key that reaches the installation itself. */
export type Need = Scope | 'operator'

/** What each scope allows, in words. */
export const SCOPE_WORDS: Record<Need, string> = {
  upload: 'Send files',
  read: 'See assets, presets, webhooks and usage',
  write: 'Change and delete assets, presets and webhooks; share',
  admin: 'See and requeue jobs, manage keys, apply presets, take down',
  operator: 'Reach all projects, queues and workers',
}

/** Of a key that belongs to no project, these scopes reach nothing. */
const OF_PROJECTS: readonly Need[] = ['upload', 'read', 'write']

/** Returns why a key may not do something, null where it may or where nothing is known of it yet: the API decides anyway. */
export function denialOf(access: CurrentKey | null, need: Need): string | null {
  if (!access) return null
  if (need === 'operator') return access.isOperator ? null : 'This needs an operator key.'
  if (!access.scopes.includes(need)) return `This key does not have the scope “${need}”.`
  if (!access.project && OF_PROJECTS.includes(need)) return 'This operator key belongs to no project. Switch to one.'
  return null
}
