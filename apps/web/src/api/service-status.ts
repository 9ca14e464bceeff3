import type { ServiceStatus } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { closed } from './closed.ts'
import type { Gate } from './gate.ts'
import type { KeyStore } from './key-store.ts'

interface StatusDeps {
  /** Needs no key. */
  service: Pick<Darkroom['service'], 'status'>
  keys: Pick<KeyStore, 'setMode'>
  gate: Gate
  /** Whether this device has a connection at all, as far as the browser knows. */
  isOnline: () => boolean
}

/** Makes the function that asks how the service stands. It tells whoever waits for that, also when nothing answers. */
export const createReadStatus =
  ({ service, keys, gate, isOnline }: StatusDeps) =>
  async (): Promise<ServiceStatus> => {
    const status = await closed<ServiceStatus>(service.status()).catch(error => {
      // Only now: a Darkroom on this very machine answers without a connection.
      gate.set('offline', !isOnline())
      gate.set('silent', isOnline())
      throw error
    })
    keys.setMode(status.mode)
    gate.set('paused', status.uploads === 'paused')
    gate.set('offline', false)
    gate.set('silent', false)
    return status
  }
