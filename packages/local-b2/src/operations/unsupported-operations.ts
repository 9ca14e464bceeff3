import { s3Error } from '../errors.ts'
import type { Operation } from './call.ts'

/** Refuses an operation that B2 knows of and does not have. */
export const notImplemented: Operation = () => {
  throw s3Error('NotImplemented')
}

export const unsupportedTagging: Operation = () => {
  throw s3Error('InvalidArgument', 'Object tagging is not supported.')
}

export const noObjectLock: Operation = () => {
  throw s3Error('ObjectLockConfigurationNotFoundError')
}

export const methodNotAllowed: Operation = () => {
  throw s3Error('MethodNotAllowed')
}
