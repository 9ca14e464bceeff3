import { expect, it, vi } from 'vitest'
import { createSharedResource, type Load } from './shared-resource.ts'

function counted() {
  const signals: AbortSignal[] = []
  const load: Load<string> = async (key, tell, signal) => {
    signals.push(signal)
    tell(`${key} begun`)
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return key
  }
  return { signals, resource: createSharedResource(load) }
}

/** Every component has its own. */
const listener = () => () => undefined

it('loads once for all, and stops when the last has gone', async () => {
  const { signals, resource } = counted()
  const leave = resource.subscribe('a', listener())
  const leaveToo = resource.subscribe('a', listener())
  expect(resource.snapshot('a')).toEqual({ value: 'a begun', error: null, isLoading: true })
  leave()
  await new Promise(resolve => setTimeout(resolve))
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  leaveToo()
  await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true]))
})

it('goes on when somebody comes back at once, as React does in strict mode', async () => {
  const { signals, resource } = counted()
  resource.subscribe('a', listener())()
  resource.subscribe('a', listener())
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
})

it('keeps what it knows while it loads again, and tells of a failure', async () => {
  const answers = [async () => 'first', () => Promise.reject(new Error('no'))]
  const resource = createSharedResource<string>(() => answers.shift()?.() ?? Promise.resolve('last'))
  resource.subscribe('a', listener())
  await vi.waitFor(() => expect(resource.snapshot('a')).toEqual({ value: 'first', error: null, isLoading: false }))
  resource.refetch('a')
  expect(resource.snapshot('a')).toMatchObject({ value: 'first', isLoading: true })
  await vi.waitFor(() => expect(resource.snapshot('a')).toMatchObject({ value: 'first', error: { code: 'INTERNAL' } }))
  resource.refetch('a')
  await vi.waitFor(() => expect(resource.snapshot('a')).toEqual({ value: 'last', error: null, isLoading: false }))
})
