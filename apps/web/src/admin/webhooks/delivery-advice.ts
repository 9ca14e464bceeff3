import type { ErrorCode, WebhookDelivery } from '@darkroom/contracts'

type Attempt = Pick<WebhookDelivery['attempts'][number], 'status' | 'error'>

/** By what an endpoint answered; the first range that fits. */
const BY_STATUS: readonly (readonly [from: number, to: number, advice: string])[] = [
  [300, 399, 'Redirects are not followed. Change the URL of the endpoint to the address that it redirects to.'],
  [
    400,
    400,
    'Your receiver did not accept the message. Most often the signature: verify the raw body, with the secret of this endpoint.',
  ],
  [
    401,
    403,
    'Your receiver or something in front of it wants a login. Let requests through that have a valid signature.',
  ],
  [404, 405, 'Nothing takes a POST at this URL. Check the path of the endpoint.'],
  [410, 410, 'Your receiver says that it is gone, so the endpoint is disabled. Change its URL or delete it.'],
  [413, 413, 'Your receiver refuses the size. A message has a few kB: raise the limit of the proxy in front of it.'],
  [429, 429, 'Your receiver asks for fewer requests. Nothing to do: the message is sent again later.'],
  [502, 504, 'The proxy in front of your receiver gets no response from it. Check that it runs, and redeliver.'],
  [500, 599, 'Your receiver failed. Look into its log at this time, correct it, and redeliver.'],
]
const OTHER_STATUS = 'Your receiver has to respond with 200 to 299.'

/** Where no response came. */
const BY_CODE: Partial<Record<ErrorCode, string>> = {
  URL_TIMEOUT: 'Respond within 15 seconds: store the message, respond, and do the work afterwards.',
  URL_UNREACHABLE:
    'Nobody answered at this address. Check its name, its certificate, and that it can be reached from the internet.',
  URL_NOT_ALLOWED: 'The address is not on the public internet. Change the URL, or have an operator set OUTBOUND_ALLOW.',
  INTERNAL: 'This is a fault of Darkroom. An operator finds it in the log of the workers.',
}
const OTHER_CODE = 'It is sent again automatically. Redeliver if that does not help.'

/** Returns what the owner of an endpoint can do about an attempt; null when it succeeded. */
export function adviceOf({ status, error }: Attempt): string | null {
  if (!error) return null
  if (status === null) return (BY_CODE as Record<string, string | undefined>)[error.code] ?? OTHER_CODE
  return BY_STATUS.find(([from, to]) => status >= from && status <= to)?.[2] ?? OTHER_STATUS
}
