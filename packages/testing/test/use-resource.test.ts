import { afterAll, describe, expect, it } from 'vitest'
import { useResource } from '../src/use-resource.ts'

const events: string[] = []
afterAll(() => expect(events).toEqual(['open', 'used', 'close']))

describe('what is used', () => {
  const counter = useResource(
    async () => {
      events.push('open')
      let count = 0
      return {
        add: () => ++count,
        get count() {
          return count
        },
      }
    },
    async () => events.push('close'),
  )

  it('is open in the tests, and its getters tell what is now', () => {
    expect(counter.count).toBe(0)
    counter.add()
    expect(counter.count).toBe(1)
    events.push('used')
  })
})

it('is closed after them', () => expect(events).toEqual(['open', 'used', 'close']))
