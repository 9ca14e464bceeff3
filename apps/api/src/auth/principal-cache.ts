import type { Principal } from './principal.ts'

/** A key that is revoked works for so long at most (`security.md`, 9: less than a second). */
const MAX_AGE_MS = 500
const MAX_ENTRIES = 10_000

/** Who bears a key, so that clients that ask often do not cost a query each time. */
export class PrincipalCache {
  readonly #entries = new Map<string, { principal: Principal; untilMs: number }>()

  async get(token: string, load: () => Promise<Principal | null>): Promise<Principal | null> {
    const entry = this.#entries.get(token)
    if (entry && entry.untilMs > performance.now()) return entry.principal
    const principal = await load()
    this.#entries.delete(token)
    if (principal) this.#entries.set(token, { principal, untilMs: performance.now() + MAX_AGE_MS })
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size > MAX_ENTRIES) this.#entries.delete(oldest)
    return principal
  }
}
