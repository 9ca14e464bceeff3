import { readdirSync } from 'node:fs'
import { eventually } from '../eventually.ts'
import type { Service } from './service.ts'

const START_MS = 60_000

/** @throws Error with the end of its log when it ends before it answers */
export async function untilAnswers(service: Service): Promise<void> {
  const isUp = async () => {
    if (service.exit) throw new Error(`${service.name} ended before it was up: ${service.logTail()}`)
    try {
      return (await fetch(`${service.url}/healthz`)).ok
    } catch {
      // Nobody listens yet.
      return false
    }
  }
  await eventually(`${service.name} answers`, isUp, Boolean, { withinMs: START_MS, everyMs: 50 })
}

/**
 * Waits until a worker has made its folder. A worker listens on no port: the folder is the first thing that it makes,
 * and by then it handles signals. A worker that ends before is left to its supervisor.
 */
export async function untilHasFolder(service: Service, tempDir: string): Promise<void> {
  const hasFolder = () => service.exit !== null || readdirSync(tempDir).some(name => name.endsWith(`-${service.pid}`))
  await eventually(`${service.name} has its folder`, hasFolder, Boolean, { withinMs: START_MS, everyMs: 50 })
}
