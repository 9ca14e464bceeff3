import type { AssetWarning } from '@darkroom/contracts'

/** What a run has found out so far. Its end records it, also when the run fails and so has no result. */
export interface Findings {
  /** SHA-256 of the bytes that it works on, in hexadecimal; null before they are read. */
  readonly sourceSha256: string | null
  /** The most memory that a process of the run has used, in bytes; null when none has ended. */
  readonly peakMemoryBytes: number | null
  /** What is wrong with the source: of each code the first. */
  readonly warnings: readonly AssetWarning[]
}

/** Findings, and how a handler adds to them. */
export interface FindingsLog extends Findings {
  noteSource(sha256: string): void
  noteMemory(peakBytes: number): void
  noteWarning(warning: AssetWarning): void
}

/** Starts the findings of one run. */
export function startFindings(): FindingsLog {
  const warnings = new Map<string, AssetWarning>()
  let sourceSha256: string | null = null
  let peakMemoryBytes: number | null = null
  return {
    get sourceSha256() {
      return sourceSha256
    },
    get peakMemoryBytes() {
      return peakMemoryBytes
    },
    get warnings() {
      return [...warnings.values()]
    },
    noteSource(sha256) {
      sourceSha256 = sha256
    },
    noteMemory(peakBytes) {
      if (peakBytes > 0) peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, peakBytes)
    },
    noteWarning(warning) {
      if (!warnings.has(warning.code)) warnings.set(warning.code, warning)
    },
  }
}
