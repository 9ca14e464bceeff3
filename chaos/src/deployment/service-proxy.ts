import { type FaultProxy, startFaultProxy } from '@darkroom/testing'

/** A TCP proxy before one server, for all processes of a deployment. Every outage is made here. */
export interface ServiceProxy {
  port: number
  /** Resets open connections and refuses new ones, as when the server is gone. */
  close(): Promise<void>
  open(): Promise<void>
  /** Accepts bytes and forwards nothing. */
  hang(): void
  /** Open connections hang until `heal`, new ones work, as after a silent failover. */
  freeze(): void
  /** Delays every chunk, both ways. */
  slow(latencyMs: number): void
  /** Resets open connections; new ones are accepted. */
  reset(): void
  /** Resets open connections and forwards new ones to another server; null restores the original one. */
  divert(target: { host: string; port: number } | null): void
  /** Ends every fault. */
  heal(): Promise<void>
  dispose(): Promise<void>
}

/** Puts a fault proxy in front of a server on this machine. */
export async function startServiceProxy(home: { host: string; port: number }): Promise<ServiceProxy> {
  // The proxy reads its target at each connection, so that changing it diverts the next one.
  const target = { ...home }
  const proxy: FaultProxy = await startFaultProxy({ target })
  let isOpen = true
  let isDiverted = false
  let isFrozen = false
  const open = async () => {
    if (!isOpen) await proxy.resumeAccepting()
    isOpen = true
  }
  const close = async () => {
    if (isOpen) await proxy.stopAccepting()
    isOpen = false
  }
  const divert: ServiceProxy['divert'] = next => {
    isDiverted = next !== null
    Object.assign(target, next ?? home)
    proxy.reset()
  }
  return {
    port: proxy.port,
    close,
    open,
    hang: () => proxy.setFaults({ hang: true }),
    freeze() {
      isFrozen = true
      proxy.freeze()
    },
    slow: latencyMs => proxy.setFaults({ latencyMs }),
    reset: proxy.reset,
    divert,
    async heal() {
      proxy.setFaults({})
      if (isDiverted) divert(null)
      if (isFrozen) proxy.reset()
      isFrozen = false
      await open()
    },
    dispose: close,
  }
}
