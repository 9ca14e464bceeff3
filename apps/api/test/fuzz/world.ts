import type { Document } from './document.ts'
import type { Owner, Pool } from './pool.ts'

/** Who asks. */
export interface Actor {
  name: string
  /** As it stands in `Authorization`; null sends none. */
  authorization: string | null
  /** Whose ids its answers tell; null is nobody's. */
  owner: Owner | null
  /** An operator reaches the other project as well. */
  isOperator: boolean
  /** How often it is drawn. */
  weight: number
}

/** What requests are made of. */
export interface World {
  document: Document
  actors: Actor[]
  pool: Pool
  /** Of the project under test. */
  projectId: string
  /** Signs what the store tells. */
  eventSecret: string
}
