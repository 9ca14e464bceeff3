import type { DocumentFacts } from '../facts.ts'
import type { KindModule } from '../pipeline/kind.ts'
import type { PlannedPage, PlannedText } from './planned.ts'
import { probeDocument } from './probe.ts'
import { renderDocument } from './render/index.ts'

export const documentKind: KindModule<DocumentFacts, PlannedPage | PlannedText> = {
  probe: probeDocument,
  render: renderDocument,
}
