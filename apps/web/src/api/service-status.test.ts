import type { ServiceStatus } from '@darkroom/contracts'
import { expect, test } from 'vitest'
import { createGate } from './gate.ts'
import { createReadStatus } from './service-status.ts'

const open: ServiceStatus = {
  mode: 'local',
  version: '1',
  uploads: 'open',
  accepts: [],
  maxUploadBytes: 1,
  decoders: {},
  processing: {},
}

test('closes the gate while nothing answers or the store takes no files', async () => {
  const answers: (ServiceStatus | Error)[] = [
    new Error('gone'),
    new Error('gone'),
    { ...open, uploads: 'paused' },
    open,
  ]
  const gate = createGate()
  const modes: string[] = []
  let isOnline = true
  const readStatus = createReadStatus({
    gate,
    isOnline: () => isOnline,
    keys: { setMode: mode => void modes.push(mode) },
    service: {
      async status() {
        const answer = answers.shift()
        if (!answer || answer instanceof Error) throw answer
        return answer
      },
    },
  })
  await expect(readStatus()).rejects.toThrow('gone')
  expect(gate.hold()).toBe('silent')
  isOnline = false
  await expect(readStatus()).rejects.toThrow('gone')
  expect(gate.hold()).toBe('offline')
  // What the browser thinks of its connection does not matter to a service that answers.
  await readStatus()
  expect(gate.hold()).toBe('paused')
  expect(await readStatus()).toBe(open)
  expect(gate.isOpen()).toBe(true)
  expect(modes).toEqual(['local', 'local'])
})
