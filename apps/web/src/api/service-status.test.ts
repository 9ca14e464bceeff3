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
}

test('closes the gate while nothing answers or the store takes no files', async () => {
  const answers: (ServiceStatus | Error)[] = [new Error('gone'), { ...open, uploads: 'paused' }, open]
  const gate = createGate()
  const modes: string[] = []
  const readStatus = createReadStatus({
    gate,
    keys: { setMode: mode => void modes.push(mode) },
    api: {
      async status() {
        const answer = answers.shift()
        if (!answer || answer instanceof Error) throw answer
        return answer
      },
    },
  })
  await expect(readStatus()).rejects.toThrow('gone')
  expect(gate.isOpen()).toBe(false)
  await readStatus()
  expect(gate.isOpen()).toBe(false)
  expect(await readStatus()).toBe(open)
  expect(gate.isOpen()).toBe(true)
  expect(modes).toEqual(['local', 'local'])
})
