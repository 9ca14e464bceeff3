import type { ServiceStatus } from '@darkroom/contracts'
import type { Api } from './api.ts'
import type { Gate } from './gate.ts'
import type { KeyStore } from './key-store.ts'

interface StatusDeps {
  api: Pick<Api, 'status'>
  keys: Pick<KeyStore, 'setMode'>
  gate: Gate
}

/** Makes the function that asks how the service stands. It tells whoever waits for that, also when nothing answers. */
export const createReadStatus =
  ({ api, keys, gate }: StatusDeps) =>
  async (): Promise<ServiceStatus> => {
    const status = await api.status().catch(error => {
      gate.set('offline', true)
      throw error
    })
    keys.setMode(status.mode)
    gate.set('paused', status.uploads === 'paused')
    gate.set('offline', false)
    return status
  }
