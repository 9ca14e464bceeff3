import { createHome, type Darkroom, type Home, PREPARED_VARIABLE, startDarkroom } from './darkroom.ts'
import { SHARED_VARIABLE, type SharedInstallation } from './installation.ts'

/**
 * Starts an installation once for the run (vitest globalSetup). Test files begin with a copy of its data; one more
 * installation is shared by those that need none of their own.
 */
export default async function setup(): Promise<() => Promise<void>> {
  await using opened = new AsyncDisposableStack()
  const prepared = await createHome({ isFresh: true })
  opened.defer(() => prepared.remove())
  await (await startDarkroom(prepared)).stop()
  process.env[PREPARED_VARIABLE] = prepared.env.DARKROOM_DATA
  const shared = await createHome()
  opened.defer(() => shared.remove())
  const darkroom = await startDarkroom(shared)
  opened.defer(async () => void (await darkroom.stop()))
  process.env[SHARED_VARIABLE] = JSON.stringify(describeShared(shared, darkroom))
  const owned = opened.move()
  return () => owned.disposeAsync()
}

const describeShared = ({ port, storePort }: Home, { url }: Darkroom): SharedInstallation => ({ url, port, storePort })
