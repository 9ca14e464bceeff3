import { expect, it } from 'vitest'
import { movedTo } from './former-paths.ts'

it.each([
  ['/admin', '/operations'],
  ['/admin/', '/operations'],
  ['/admin/assets/7', '/operations/assets/7'],
  ['/admin/keys', '/projects/keys'],
  ['/admin/webhooks', '/webhooks'],
  ['/admin/presets/shots', '/presets/shots'],
  ['/admin/projects/7', '/projects/7'],
  ['/admin/nothing', null],
  ['/administration', null],
])('%s leads to %s', (path, moved) => expect(movedTo(path)).toBe(moved))
