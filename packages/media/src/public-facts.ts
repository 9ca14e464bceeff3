import type { Facts, FactsOf } from './facts.ts'

type Shown = { [Kind in Facts['kind']]: readonly (keyof FactsOf<Kind>)[] }

/** What everybody may see of what is worked with: an allow-list. What has a field of its own in the contract is not repeated. */
const SHOWN: Shown = {
  image: ['orientation', 'frameCount', 'colorSpace', 'iccProfile', 'bitDepth', 'hasAlpha'],
  video: ['frameRate', 'rotation', 'hasAudio', 'isHdr', 'isInterlaced', 'chapters'],
  audio: ['channels', 'sampleRate', 'chapters'],
  document: [],
}

/** Returns the contract's `facts`: for owners, while `Facts` is for whoever plans. What is not known or not there is left out. */
export function publicFacts(facts: Facts): Facts['details'] {
  const shown = new Set<string>(SHOWN[facts.kind])
  const known = Object.entries(facts).filter(([name, value]) => shown.has(name) && isThere(value))
  return { ...Object.fromEntries(known), ...facts.details }
}

const isThere = (value: unknown): boolean => value !== null && !(Array.isArray(value) && value.length === 0)
