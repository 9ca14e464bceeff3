import { createHmac } from 'node:crypto'

/** 128 bits, in the alphabet of URLs. */
const ID_LENGTH = 22

/**
 * Returns the id that a message is known by: the `id` of its event in the feed, and the `webhook-id` of every time that it is sent, to
 * whichever endpoint. The log counts the events of all projects, so the number itself would tell one how much the others do.
 * @param key `DARKROOM_SECRET`
 */
export const messageIdOf = (eventId: number, key: string): string =>
  `msg_${createHmac('sha256', key).update(`darkroom event ${eventId}`).digest('base64url').slice(0, ID_LENGTH)}`

/** Returns the same of a delivery. A ping is no event of the log and has the id of its delivery. */
export const webhookIdOf = (delivery: { id: string; eventId: number | null }, key: string): string =>
  delivery.eventId === null ? delivery.id : messageIdOf(delivery.eventId, key)
