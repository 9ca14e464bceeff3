import { mapOperations, type Step } from './document.ts'

/** What the generator says of an answer of which nobody said anything. */
const NOTHING_SAID = 'Default Response'

const OF_STATUS: Record<string, string> = {
  200: 'Success.',
  201: 'Created.',
  202: 'Accepted. The work continues in the background.',
  204: 'Success, without a response body.',
  302: 'Redirect to `Location`.',
  304: 'Not changed since `If-None-Match`.',
}

/** Says what each answer is where no route did. */
export const withDescriptions: Step = document =>
  mapOperations(document, ({ responses, ...operation }) => ({
    ...operation,
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, answer]) => [
        status,
        answer.description === NOTHING_SAID
          ? { ...answer, description: OF_STATUS[status] ?? answer.description }
          : answer,
      ]),
    ),
  }))
