import { ERRORS, errorAnchor } from '../../packages/contracts/src/index.ts'

/**
 * Checks that the built page of errors has the section of every code, to which the `type` of a problem leads.
 * @param html of errors.html
 * @throws Error that names the codes without one
 */
export function assertErrorAnchors(html: string): void {
  const missing = Object.keys(ERRORS).filter(code => !html.includes(`id="${errorAnchor(code)}"`))
  if (missing.length > 0) throw new Error(`errors.html has no anchor of ${missing.join(', ')}`)
}
