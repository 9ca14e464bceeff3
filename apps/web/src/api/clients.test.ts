import type { Memory } from '@darkroom/sdk'
import { describe, expect, test } from 'vitest'
import { createClients, isForbidden, isPassing } from './clients.ts'

const memory: Memory = {
  read: async () => null,
  list: async () => [],
  write: async () => undefined,
  forget: async () => undefined,
  withLock: (_, work) => work(),
}

const problem = (status: number, code: string) => Response.json({ code, detail: 'No.' }, { status })

/** The clients of a tab whose service answers so. */
function setUp(answer: Response | Error, whileAsking: (tab: { key: string | null }) => void = () => undefined) {
  const keys: (string | null)[] = []
  const told: string[] = []
  const tab: { key: string | null } = { key: 'dk_test' }
  const clients = createClients({
    memory,
    keys: {
      get: () => ({ key: tab.key, refused: false, readDenial: null }),
      refuse: key => void told.push(`refused ${key}`),
    },
    onNoAnswer: () => void told.push('no answer'),
    url: 'http://darkroom.test',
    async fetch(input) {
      keys.push(new Request(input).headers.get('authorization'))
      whileAsking(tab)
      if (answer instanceof Error) throw answer
      return answer.clone()
    },
  })
  return { clients, keys, told, tab }
}

describe('the clients of a key', () => {
  test('are the same until the key is another one', async () => {
    const { clients, keys, tab } = setUp(new Response(null, { status: 204 }))
    expect(clients()).toBe(clients())
    await clients().quick.assets.delete('a1')
    tab.key = 'dk_other'
    await clients().quick.assets.delete('a1')
    expect(keys).toEqual(['Bearer dk_test', 'Bearer dk_other'])
  })

  test('ask for nothing while there is no key', async () => {
    const { clients, keys, tab, told } = setUp(new Response(null, { status: 204 }))
    tab.key = null
    await expect(clients().quick.assets.delete('a1')).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    expect([keys, told]).toEqual([[], []])
  })

  test('tell which key was refused', async () => {
    const { clients, told } = setUp(problem(401, 'UNAUTHORIZED'), tab => {
      tab.key = 'dk_other'
    })
    await expect(clients().quick.assets.delete('a1')).rejects.toThrow('No.')
    expect(told).toEqual(['refused dk_test'])
  })

  test.each([
    ['a success', new Response(null, { status: 204 })],
    ['a 404, which would mean that it is gone', problem(404, 'NOT_FOUND')],
  ])('take from another key’s answer nothing: %s', async (_, answer) => {
    const { clients } = setUp(answer, tab => {
      tab.key = 'dk_other'
    })
    await expect(clients().quick.assets.delete('a1')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('fail at once when nothing answers, and say so, where the same is asked again anyway', async () => {
    const { clients, keys, told } = setUp(new TypeError('failed'))
    const error = await clients()
      .quick.assets.delete('a1')
      .catch(fault => fault)
    expect(error).toMatchObject({ code: 'NETWORK', status: null })
    expect([keys.length, told, isPassing(error), isForbidden(error)]).toEqual([1, ['no answer'], true, false])
  })

  test('repeat what somebody asked for once', async () => {
    let left = 2
    const { clients, keys } = setUp(new Response(null, { status: 204 }), () => {
      left -= 1
      if (left > 0) throw new TypeError('failed')
    })
    await clients().patient.assets.delete('a1')
    expect(keys).toHaveLength(2)
  })
})
