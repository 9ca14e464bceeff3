import type { Scope } from './api-key.ts'

/** Who is asking. Everything they reach is inside their project. */
export interface Principal {
  projectId: string
  scopes: ReadonlySet<Scope>
  isOperator: boolean
  /** A client token reaches this asset and nothing else. */
  onlyAssetId: string | null
}
