import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { REPO_ROOT } from './darkroom.ts'

/** What a task on the page takes: clicks and taps, and fields that are typed into or chosen from. */
export interface Effort {
  clicks: number
  fields: number
}

/** Does what a person does on a page, and counts it. */
export interface Walker extends Effort {
  click(target: Locator): Promise<void>
  type(target: Locator, text: string): Promise<void>
  choose(target: Locator, value: string): Promise<void>
}

export function walkerOn(page: Page): Walker {
  const walker: Walker = {
    clicks: 0,
    fields: 0,
    async click(target) {
      walker.clicks++
      await target.click()
    },
    async type(target, text) {
      walker.fields++
      await target.fill(text)
      await page.keyboard.press('Enter')
    },
    async choose(target, value) {
      walker.fields++
      await target.selectOption(value)
    },
  }
  return walker
}

const GUIDE = join(REPO_ROOT, 'docs/seven-tasks.md')
/** `| 1. [Task](#…) | before | 3 clicks | …` */
const ROW = /^\| (\d)\. [^|]*\|[^|]*\| *(\d+) clicks?(?:, (\d+) fields?)? *\|/gm

/** Reads from the guide what each task is said to take now, in order. */
export function documentedEfforts(): Effort[] {
  return [...readFileSync(GUIDE, 'utf8').matchAll(ROW)].map(([, , clicks, fields = 0]) => ({
    clicks: Number(clicks),
    fields: Number(fields),
  }))
}
