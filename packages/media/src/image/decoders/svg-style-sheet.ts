import { resolveEscapes, unescapeCss } from './css-urls.ts'
import { type Paint, paintsOf } from './svg-paints.ts'

/** What `<style>` elements give to elements, by what their rules select: `.class`, `#id`, the name of an element or `*`. */
export type StyleRules = Map<string, Paint[]>

/** As many tokens as the name of a property is made of: `u` is one for itself. */
const BEFORE_TOKENS = 8
/** A limit of memory. */
const MAX_GIVEN = 100_000

/**
 * What decides where a rule ends (CSS Syntax 4.3): comments, strings and URLs, in which brackets mean nothing, brackets, and the end of
 * a declaration. Everything else is plain text; a quote, an escape or `url(` that is none of these is left alone in a token.
 */
const TOKEN =
  /\/\*.*?(?:\*\/|$)|"(?:[^"\\\n\r\f]|\\.)*"|'(?:[^'\\\n\r\f]|\\.)*'|(?<![\w\-\u0080-\uFFFF])url\(\s*(?:(?:"[^"\\\n\r\f]*"|'[^'\\\n\r\f]*'|[^"'()\\\s]+)\s*)?\)|(?<![\w\-\u0080-\uFFFF])url\(|[^/"'u\\()[\]{};]+|./gis
const UNREADABLE = /^(?:["'\\]|url\()$/i
const OPENING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
])
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}'])
const ENDS: ReadonlySet<string> = new Set([';', '{', '}'])
const ANY = '*'

/**
 * Reads which elements a style sheet of an SVG gives URLs to, by the class, id or name that its rules select last: others may have it,
 * too, but nothing that gets a URL is missing.
 * @returns null where the decoder could read something else: escapes outside of strings, brackets that do not match, sheets in
 * sheets, and more rules than anybody writes
 */
export function readStyleSheet(text: string): StyleRules | null {
  const rules: StyleRules = new Map()
  if (!/url|@import/i.test(resolveEscapes(text))) return rules
  /** Brackets that are open, and what the rule selects that they are in. */
  const open: { closing: string; selected: readonly string[] }[] = []
  let given = 0
  let statement: string[] = []
  for (const [token] of text.matchAll(TOKEN)) {
    const { closing: expected = '}', selected = [] } = open.at(-1) ?? {}
    if (UNREADABLE.test(token) || (CLOSING.has(token) && (open.length === 0 || token !== expected))) return null
    if (ENDS.has(token)) {
      if (expected !== '}' || importsData(statement)) return null
      if (token === '{') open.push({ closing: '}', selected: selectedBy(statement) })
      statement = []
    } else {
      const closing = OPENING.get(token)
      if (closing) open.push({ closing, selected })
      if (selected.length > 0 && /^url\(/i.test(token)) {
        given += selected.length
        if (given > MAX_GIVEN) return null
        const paints = paintsOf([...statement.slice(-BEFORE_TOKENS), token].join('')).slice(-1)
        for (const key of selected) give(rules, key, paints)
      }
      if (!token.startsWith('/*')) statement.push(token)
    }
    if (CLOSING.has(token)) open.pop()
  }
  return importsData(statement) ? null : rules
}

const isAtRule = (statement: readonly string[]) =>
  statement
    .find(token => token.trim() !== '')
    ?.trimStart()
    .startsWith('@')

/** Adds what a rule gives to the elements that it selects. */
export function give(rules: StyleRules, key: string, paints: readonly Paint[]): void {
  const given = rules.get(key)
  if (given) given.push(...paints)
  else rules.set(key, [...paints])
}

/** Tells whether a statement imports another sheet, which nobody checks. */
const importsData = (statement: readonly string[]): boolean =>
  isAtRule(statement) === true && /@import\b.*data:/is.test(unescapeCss(statement.join('')))

/** Returns the last part of each selector; rules of an `@` give nothing to elements, but for the rules that are in them. */
function selectedBy(statement: readonly string[]): string[] {
  if (isAtRule(statement)) return []
  const prelude = statement.map(token => (/^["']/.test(token) ? '""' : token)).join('')
  if (prelude.includes('(')) return [ANY]
  return prelude
    .replace(/\[[^\]]*\]/g, '')
    .split(',')
    .map(selector => {
      const last =
        selector
          .trim()
          .split(/[\s>+~]+/)
          .at(-1) ?? ''
      const [name] = /[.#][^.#:]+/.exec(last) ?? /^[^.#:|*]+$/.exec(last) ?? [ANY]
      return name.toLowerCase()
    })
}

/** Returns what rules can select an element by. */
export const selectableBy = (name: string, id: string | undefined, classes: string | undefined): string[] =>
  [ANY, name, `#${id}`, ...(classes ?? '').split(/\s+/).map(each => `.${each}`)].map(key => key.toLowerCase())
