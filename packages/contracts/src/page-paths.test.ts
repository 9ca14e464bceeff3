import { expect, it } from 'vitest'
import { isPagePath } from './page-paths.ts'

const ID = '0190c0de-0000-7000-8000-00000000000a'

it.each([
  '/',
  '/library',
  '/operations/',
  '/operations/failures',
  `/operations/assets/${ID}`,
  `/assets/${ID}`,
  `/webhooks/${ID.toUpperCase()}`,
  '/presets/video-on-demand',
  '/projects/keys',
  '/admin',
  `/admin/assets/${ID}`,
])('%s is a place of the page', path => expect(isPagePath(path)).toBe(true))

it.each(['/nowhere', '/admin/nothing', '/admin/assets', '/assets/7', '/operations/else', '/index.htm', '//', ''])(
  '%s is none',
  path => expect(isPagePath(path)).toBe(false),
)
