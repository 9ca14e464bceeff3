export { acceptedTypes, acceptType } from './accepted-types.ts'
export { confirmArrived } from './confirm-arrived.ts'
export { openMultipart, type Place, placeOf, planOf, resumeMultipart } from './multipart-upload.ts'
export { MAX_SINGLE_PUT_BYTES, missingParts, type PartPlan, partBytes, planParts } from './part-plan.ts'
