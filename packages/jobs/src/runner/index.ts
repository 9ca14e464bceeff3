export { quarantineFile } from './quarantine-file.ts'
export { toResourceError, toVariantError } from './resource-error.ts'
export { variantRetryDelayMs } from './retry-policy.ts'
export { createRunner } from './runner.ts'
