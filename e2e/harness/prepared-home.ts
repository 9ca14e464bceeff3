import { createHome, PREPARED_VARIABLE, startDarkroom } from './darkroom.ts'

/** vitest globalSetup: starts an installation once, so that test files begin with a copy of what that left. */
export default async function setup(): Promise<() => Promise<void>> {
  const home = await createHome({ isFresh: true })
  try {
    const darkroom = await startDarkroom(home)
    await darkroom.stop()
  } catch (error) {
    await home.remove()
    throw error
  }
  process.env[PREPARED_VARIABLE] = home.env.DARKROOM_DATA
  return () => home.remove()
}
