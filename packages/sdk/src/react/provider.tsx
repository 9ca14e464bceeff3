import { createContext, type ReactNode, useContext } from 'react'
import type { Darkroom } from '../darkroom.ts'

const DarkroomContext = createContext<Darkroom | null>(null)

/** Gives a client to all hooks and images below. Create the client once, outside of components. */
export function DarkroomProvider({ client, children }: { client: Darkroom; children?: ReactNode }) {
  return <DarkroomContext.Provider value={client}>{children}</DarkroomContext.Provider>
}

/**
 * Returns the client of the provider.
 * @throws Error where there is no provider above
 */
export function useDarkroom(): Darkroom {
  const client = useContext(DarkroomContext)
  if (!client) throw new Error('There is no <DarkroomProvider client={…}> above this component.')
  return client
}
