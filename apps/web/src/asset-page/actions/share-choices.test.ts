import { expect, it } from 'vitest'
import { expiresAt } from './share-choices.ts'

it('ends a link after the time that was chosen, or never', () => {
  expect(expiresAt('day', 0)).toBe('1970-01-02T00:00:00.000Z')
  expect(expiresAt('never', 0)).toBeUndefined()
})
