import { expect, it } from 'vitest'
import { isPagePath } from './page-paths.ts'

const ID = '0190c0de-0000-7000-8000-00000000000a'

it.each([
  '/',
  '/library',
  '/operations/',
  '/operations/quarantine',
  '/operations/backfills',
  `/operations/assets/${ID}`,
  `/assets/${ID}`,
  `/webhooks/${ID.toUpperCase()}`,
  `/webhooks/${ID}/deliveries/${ID}`,
  '/presets/video-on-demand',
  '/presets/video-on-demand/edit',
  '/projects/keys',
  '/admin',
  `/admin/assets/${ID}`,
])('%s is a place of the page', path => expect(isPagePath(path)).toBe(true))

it.each(['/nowhere', '/admin/nothing', '/admin/assets', '/assets/7', '/operations/else', '/index.htm', '//', ''])(
  '%s is none',
  path => expect(isPagePath(path)).toBe(false),
)
