import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** Of axe's rules those that it does not check unless it is told to: who says what is to be seen must reach it by voice. */
const OPTIONS = { resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } } }

/**
 * Lists what axe finds wrong with the page, or with a part of it, as it is now, with its default rules and a few more: one line for each
 * element.
 */
export async function axeFaults(page: Page, part = 'html'): Promise<string[]> {
  // As the developer tools would: what the page may load itself does not matter.
  await page.evaluate(axe.source)
  const found = (await page.evaluate(`axe.run(${JSON.stringify(part)}, ${JSON.stringify(OPTIONS)})`)) as {
    violations: Violation[]
  }
  return found.violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${impact} ${id}: ${html}`))
}
