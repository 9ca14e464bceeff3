import { type FaultProxy, startFaultProxy } from '@darkroom/testing'

/** The way to one server, for all processes of a universe: every outage is made here. */
export interface Gate {
  port: number
  /** Resets what is open and refuses what is new, as when the server is gone. */
  close(): Promise<void>
  open(): Promise<void>
  /** Takes bytes and passes nothing on. */
  hang(): void
  /** What is open hangs until `heal` ends it, and what is new works, as after a failover that nobody was told of. */
  freeze(): void
  /** Delays every chunk, both ways. */
  slow(latencyMs: number): void
  /** Resets what is open; new connections are taken. */
  reset(): void
  /** Sends what connects from now on elsewhere; null sends it home. */
  divert(target: { host: string; port: number } | null): void
  /** Ends every fault. */
  heal(): Promise<void>
  dispose(): Promise<void>
}

/** Puts a fault proxy in front of a server on this machine. */
export async function openGate(home: { host: string; port: number }): Promise<Gate> {
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
  const divert: Gate['divert'] = next => {
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
