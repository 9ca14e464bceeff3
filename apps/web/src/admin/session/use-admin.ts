import { createContext, use } from 'react'
import type { Clients } from '../../api/clients.ts'

export interface Admin {
  clients: Clients
  /** The key that is used, null while there is none yet: answers of one key are never shown to another. */
  apiKey: string | null
  /** Given where another key can be entered. */
  forgetKey: (() => void) | null
}

export const AdminContext = createContext<Admin | null>(null)

export function useAdmin(): Admin {
  const admin = use(AdminContext)
  if (!admin) throw new Error('There is no AdminContext above this component.')
  return admin
}
