import { type Answer, mapOperations, type Operation, type Step } from './document.ts'

const PROBLEM = 'application/problem+json'

/** Converts a code to the name of a schema: `BODY_TOO_LARGE` → `BodyTooLarge`. */
const pascal = (code: string): string =>
  code.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Returns the name of a problem that many operations share: its code, and whether requests are counted there. */
function sharedName({ content = {}, headers = {} }: Answer): string | null {
  const codes = Object.keys(content[PROBLEM]?.examples ?? {})
  const [code] = codes
  if (!code || codes.length > 1 || Object.keys(content).length > 1) return null
  return `${pascal(code)}${'RateLimit-Limit' in headers ? '' : 'Uncounted'}`
}

/** Says a problem that many operations have once: half of the document would be repetition. */
export const withSharedResponses: Step = document => {
  const shared: Record<string, Answer> = {}
  const share = (responses: Operation['responses']) =>
    Object.entries(responses).map(([status, answer]) => {
      const name = sharedName(answer)
      if (name === null) return [status, answer]
      // Another one under this name, as with a hint in a header, stays where it is.
      shared[name] ??= answer
      const isSame = JSON.stringify(shared[name]) === JSON.stringify(answer)
      return [status, isSame ? { $ref: `#/components/responses/${name}` } : answer]
    })
  const mapped = mapOperations(document, operation => ({
    ...operation,
    responses: Object.fromEntries(share(operation.responses)),
  }))
  return { ...mapped, components: { ...mapped.components, responses: shared } }
}
