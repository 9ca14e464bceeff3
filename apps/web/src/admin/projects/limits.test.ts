import type { Project } from '@darkroom/contracts'
import { NO_SETTINGS } from '@darkroom/contracts/projects'
import { describe, expect, test } from 'vitest'
import { LIMITS, limitText, patchOf } from './limits.ts'

const PROJECT: Project = {
  id: '01980c5e-7d0a-7000-8000-000000000001',
  name: 'shop',
  status: 'active',
  deletesAt: null,
  ...NO_SETTINGS,
  allowedTypes: ['image/jpeg', 'image/png'],
  maxUploadBytes: 1_234_567,
  quotaBytes: 50_000_000_000,
  requestsPerMinute: 600,
  createdAt: '2026-03-01T12:00:00.000Z',
}

const shown = () => Object.fromEntries(LIMITS.map(limit => [limit.name, limitText(PROJECT, limit)]))
const patch = (changes: Record<string, string>) => patchOf(PROJECT, name => ({ ...shown(), ...changes })[name] ?? '')

test('a size is rounded only where nothing is lost by it', () => {
  expect(shown()).toMatchObject({ quotaBytes: '50 GB', maxUploadBytes: '1234567', requestsPerMinute: '600' })
})

test('what is left as it was is not sent', () => expect(patch({})).toEqual({}))

describe('a changed text becomes', () => {
  test.each([
    ['a number of bytes', { quotaBytes: '1.5 TB' }, { quotaBytes: 1_500_000_000_000 }],
    ['a number', { maxOpenUploads: '20' }, { maxOpenUploads: 20 }],
    ['no limit', { quotaBytes: '', requestsPerMinute: '' }, { quotaBytes: null, requestsPerMinute: null }],
    ['a list', { allowedTypes: 'image/gif,\n image/webp' }, { allowedTypes: ['image/gif', 'image/webp'] }],
    ['the type by content', { detectTypeByContent: 'Yes' }, { detectTypeByContent: true }],
    ['all types', { allowedTypes: '' }, { allowedTypes: null }],
    ['a text', { defaultPreset: 'gallery' }, { defaultPreset: 'gallery' }],
  ])('%s', (_, changes, expected) => expect(patch(changes)).toEqual(expected))
})

// JSON would make null of it, which takes the limit away.
test.each([
  ['Quota: “much” is not a size, such as 50 GB.', { quotaBytes: 'much' }],
  ['Open uploads: “1.5” is not a whole number from 1.', { maxOpenUploads: '1.5' }],
])('%s', (message, changes) => expect(() => patch(changes)).toThrow(message))
