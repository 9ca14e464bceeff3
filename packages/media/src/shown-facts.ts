import type { Facts, FactsOf } from './facts.ts'

type Shown = { [Kind in Facts['kind']]: readonly (keyof FactsOf<Kind>)[] }

/** What everybody may see of what is worked with: an allow-list. What has a field of its own in the contract is not repeated. */
const SHOWN: Shown = {
  image: ['orientation', 'frameCount', 'colorSpace', 'iccProfile', 'bitDepth', 'hasAlpha'],
  video: ['frameRate', 'rotation', 'hasAudio', 'isHdr', 'isInterlaced'],
  audio: ['channels', 'sampleRate'],
  document: [],
}

/** The contract's `facts`: for owners, while `Facts` is for whoever plans. What is not known is left out. */
export function shownFacts(facts: Facts): Facts['details'] {
  const shown = new Set<string>(SHOWN[facts.kind])
  const known = Object.entries(facts).filter(([name, value]) => shown.has(name) && value !== null)
  return { ...Object.fromEntries(known), ...facts.details }
}
