import type { PartsSigned, SignedPart } from '../types.ts'

/** So many are signed at once, as they run out. */
const BATCH = 16
/** A URL is not begun with that ends so soon, nor where the clocks differ by that. */
const SPARE_MS = 60_000

interface PartUrlsDeps {
  sign: (partNumbers: number[]) => Promise<PartsSigned>
  /** What came with the upload. */
  first: { parts: SignedPart[]; expiresAt: string } | null
  /** All that will be asked for, ascending. */
  partNumbers: readonly number[]
}

/** Hands out the URLs of parts, signed some at a time and anew when they have run out. */
export function createPartUrls({ sign, first, partNumbers }: PartUrlsDeps) {
  const signed = new Map<number, { url: string; expiresAt: number }>()
  let signing: Promise<unknown> = Promise.resolve()
  if (first) keep(first)

  function keep({ parts, expiresAt }: PartsSigned): void {
    for (const { partNumber, url } of parts) signed.set(partNumber, { url, expiresAt: Date.parse(expiresAt) })
  }

  const isUsable = (partNumber: number) => (signed.get(partNumber)?.expiresAt ?? 0) > Date.now() + SPARE_MS

  async function signFrom(partNumber: number): Promise<void> {
    if (isUsable(partNumber)) return
    const next = partNumbers.filter(other => other >= partNumber && !isUsable(other)).slice(0, BATCH)
    keep(await sign(next))
  }

  return {
    async url(partNumber: number): Promise<string> {
      // One request at a time: it brings those that the others wait for.
      const turn = signing.then(() => signFrom(partNumber))
      signing = turn.catch(() => undefined)
      await turn
      const url = signed.get(partNumber)?.url
      if (url === undefined) throw new Error(`The service did not sign part ${partNumber}.`)
      return url
    },
    /** What failed is not tried again with the same URL. */
    drop: (partNumber: number): void => void signed.delete(partNumber),
  }
}
