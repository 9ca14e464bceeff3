/** Whose they are: of the project under test, or of another one that it must not reach. */
export type Owner = 'own' | 'other'

/** So many of a kind are kept; older ones make room, so that ids are fresh although requests delete what they name. */
const MAX_KEPT = 120

/**
 * Ids that answers have told, by the segment of the path that they follow: under `shares` the ids of an asset and of a
 * link of it. Requests draw from it, so that most of them meet something.
 */
export class Pool {
  private readonly kept = new Map<string, string[][]>()
  private readonly spared: ReadonlySet<string>

  /** Ids that are never drawn: the fuzzer would saw off the branch that it sits on. */
  constructor(spared: Iterable<string>) {
    this.spared = new Set(spared)
  }

  add(owner: Owner, kind: string, ids: string[]): void {
    if (ids.some(id => this.spared.has(id))) return
    const key = `${owner} ${kind}`
    const known = this.kept.get(key) ?? []
    if (known.some(other => other.every((id, index) => id === ids[index]))) return
    this.kept.set(key, [...known, ids].slice(-MAX_KEPT))
  }

  /** The ids at a place that a number names, the newest first; undefined while there are none. */
  pick(owner: Owner, kind: string, index: number): string[] | undefined {
    const known = this.kept.get(`${owner} ${kind}`) ?? []
    return known[known.length - 1 - (index % known.length)]
  }
}
