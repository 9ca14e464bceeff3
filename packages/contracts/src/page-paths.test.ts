import { expect, it } from 'vitest'
import { placeOf } from './page-paths.ts'

const ID = '0190c0de-0000-7000-8000-00000000000a'

it.each([
  ['/', 'files', ''],
  ['/admin', 'jobs', ''],
  ['/admin/', 'jobs', ''],
  [`/admin/assets/${ID}`, 'asset', ID],
  [`/admin/webhooks/${ID.toUpperCase()}`, 'webhook', ID.toUpperCase()],
  ['/admin/presets/video-on-demand', 'preset', 'video-on-demand'],
  ['/admin/keys', 'keys', ''],
])('%s is the place %s', (path, place, name) => {
  expect(placeOf(path)).toEqual({ place, name })
})

it.each(['/library', '/admin/nothing', '/admin/assets', '/admin/assets/7', '/index.htm', '//', ''])(
  '%s is no place',
  path => {
    expect(placeOf(path)).toBeNull()
  },
)
