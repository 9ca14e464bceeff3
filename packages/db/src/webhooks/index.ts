export type { WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpoint } from '../schema/webhooks.ts'
export { causeOfDelivery } from './delivery-cause.ts'
export {
  attemptsOfDeliveries,
  deleteOldDeliveries,
  findDelivery,
  insertPing,
  listDeliveries,
  redeliver,
  replayDeliveries,
} from './webhook-deliveries.ts'
export {
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  patchWebhook,
  rotateWebhookSecret,
} from './webhook-endpoints.ts'
export { findWebhooksBehind, makeDeliveries } from './webhook-fan-out.ts'
export {
  type AttemptOutcome,
  type ClaimedDelivery,
  claimDeliveries,
  releaseDelivery,
  settleAttempt,
} from './webhook-sending.ts'
