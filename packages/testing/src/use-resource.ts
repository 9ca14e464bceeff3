import { afterAll, beforeAll } from 'vitest'

/**
 * Opens something before the tests of a file or a `describe` block, and closes it after the last of them.
 * @returns an object that has the properties of what was opened as soon as that is open, not before
 */
export function useResource<T extends object>(open: () => Promise<T>, close: (opened: T) => Promise<unknown>): T {
  const resource = {} as T
  let opened: T | undefined
  beforeAll(async () => {
    opened = await open()
    Object.defineProperties(resource, Object.getOwnPropertyDescriptors(opened))
  })
  afterAll(async () => {
    if (opened) await close(opened)
  })
  return resource
}
