import type { ErrorCode } from '@darkroom/contracts'

/** Titles that are not just their code in lower case. A test compares them with the catalogue. */
const TITLES: { [code in ErrorCode]?: string } = {
  BODY_TOO_LARGE: 'Request body too large',
  UNAVAILABLE: 'Temporarily unavailable',
  INTERNAL: 'Internal error',
  UNSUPPORTED_TYPE: 'Unsupported file type',
  TOO_LARGE: 'File too large',
  UPLOAD_CONFIRMED: 'Upload already confirmed',
  ASSET_NOT_READY: 'Not ready',
  ASSET_NOT_SETTLED: 'Still processing',
  TIMEOUT: 'Processing took too long',
  NO_SPACE: 'No space left',
  STORE_UNAVAILABLE: 'Object store unavailable',
  STORE_CREDENTIALS: 'Store credentials rejected',
  STORE_NOT_FOUND: 'Object not found',
  JOB_NOT_REQUEUEABLE: 'Job cannot be requeued',
  JOB_SETTLED: 'Job already settled',
  CDN_REFUSED: 'CDN purge failed',
  QUARANTINED: 'File in quarantine',
  EVENTS_SILENT: 'No events from the store',
  URL_NOT_ALLOWED: 'URL not allowed',
  URL_UNREACHABLE: 'URL unreachable',
  URL_TIMEOUT: 'URL timeout',
  WEBHOOK_LIMIT: 'Too many webhooks',
}

/** Returns an error code in words; an unknown code in lower case. */
export function errorTitle(code: string): string {
  const titles: Record<string, string | undefined> = TITLES
  const words = code.toLowerCase().replaceAll('_', ' ')
  return titles[code] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
