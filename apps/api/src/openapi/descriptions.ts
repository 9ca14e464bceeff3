import { mapOperations, type Step } from './document.ts'

/** What the generator says of an answer of which nobody said anything. */
const NOTHING_SAID = 'Default Response'

const OF_STATUS: Record<string, string> = {
  200: 'As asked for.',
  201: 'Created.',
  202: 'Accepted. What follows can be watched.',
  204: 'Done; there is nothing to say.',
  302: 'It is at `Location`.',
  304: 'Nothing has changed since `If-None-Match`.',
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
