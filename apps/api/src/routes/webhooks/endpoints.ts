import { appError, CreateWebhook, Webhook, WebhookList, WebhookPatch, WebhookWithSecret } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { deleteWebhook, insertWebhook, listWebhooks, patchWebhook, rotateWebhookSecret } from '@darkroom/db/webhooks'
import { assertAllowedUrl } from '@darkroom/outbound'
import { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentWebhook } from '../../presenters/webhook.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { newSecretWork, presentNewSecret } from './new-secret.ts'
import { webhookOf } from './webhook-of-request.ts'

const tags = ['Webhooks']

const changed = ({ id, projectId }: { id: string; projectId: string }) => ({ target: id, projectId })

/** Time for a receiver to learn the new secret. */
const OVERLAP_SEC = 86_400

/** Lists the webhook endpoints of a project. */
export const listWebhooksRoute: Route = (app, { database, clock }) => {
  withZod(app).get(
    '/v1/webhooks',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listWebhooks',
        tags,
        summary: 'List webhook endpoints',
        response: { 200: WebhookList, ...problems },
      },
    },
    async request => {
      const rows = await listWebhooks(database.db, request.principal.projectId)
      return { items: rows.map(row => presentWebhook(row, clock.now())) }
    },
  )
}

export const getWebhookRoute: Route = (app, { database, clock }) => {
  withZod(app).get(
    '/v1/webhooks/:id',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getWebhook',
        tags,
        summary: 'Get a webhook endpoint',
        description: 'The secret is not included, because it is shown only once.',
        params: IdParams,
        response: { 200: Webhook, ...problems },
      },
    },
    async request => presentWebhook(await webhookOf(database.db, request), clock.now()),
  )
}

/** Registers an endpoint; it is told of what happens from now on. */
export const createWebhookRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/webhooks',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'], audits: 'webhook' },
      schema: {
        operationId: 'createWebhook',
        tags,
        summary: 'Create a webhook endpoint',
        description: 'The secret is shown only once. Messages are signed as defined by Standard Webhooks.',
        body: CreateWebhook,
        response: { 201: WebhookWithSecret, ...problems },
      },
    },
    async (request, reply) => {
      const { url, events, description } = request.body
      assertAllowedUrl(url, deps.settings.outboundAllow)
      const { projectId } = request.principal
      const endpoint = { id: newId(), projectId, url, description, eventTypes: events }
      const creation = newSecretWork(deps, endpoint, (tx, secret) =>
        audited(tx, request, () => insertWebhook(tx, { ...endpoint, secret }), changed),
      )
      const made = await idempotent(deps, request, reply, creation)
      return reply
        .code(201)
        .header('location', `/v1/webhooks/${made.row.id}`)
        .header('cache-control', 'no-store')
        .send(presentNewSecret(made, deps.clock.now()))
    },
  )
}

/** Changes where and of what an endpoint is told, and whether. */
export const patchWebhookRoute: Route = (app, { database, clock, settings }) => {
  withZod(app).patch(
    '/v1/webhooks/:id',
    {
      onRequest: app.requireScope('write'),
      config: { audits: 'webhook' },
      schema: {
        operationId: 'updateWebhook',
        tags,
        summary: 'Update, disable or enable a webhook endpoint',
        params: IdParams,
        body: WebhookPatch,
        response: { 200: Webhook, ...problems },
      },
    },
    async request => {
      const { url, events, description, enabled } = request.body
      if (url !== undefined) assertAllowedUrl(url, settings.outboundAllow)
      const patch = {
        ...(url !== undefined && { url }),
        ...(events !== undefined && { eventTypes: events }),
        ...(description !== undefined && { description }),
        ...(enabled !== undefined && { enabled }),
      }
      const { projectId } = request.principal
      const id = idOf(request)
      const row = await database.db.transaction(tx =>
        audited(tx, request, () => patchWebhook(tx, projectId, id, patch), changed),
      )
      if (!row) throw appError('NOT_FOUND')
      return presentWebhook(row, clock.now())
    },
  )
}

/** Ends an endpoint; what waited for it is not sent any more. */
export const deleteWebhookRoute: Route = (app, { database }) => {
  withZod(app).delete(
    '/v1/webhooks/:id',
    {
      onRequest: app.requireScope('write'),
      config: { audits: 'webhook' },
      schema: {
        operationId: 'deleteWebhook',
        tags,
        summary: 'Delete a webhook endpoint and its deliveries',
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { projectId } = request.principal
      const id = idOf(request)
      const isDeleted = await database.db.transaction(tx =>
        audited(
          tx,
          request,
          () => deleteWebhook(tx, projectId, id),
          () => ({ target: id, projectId }),
        ),
      )
      if (!isDeleted) throw appError('NOT_FOUND')
      return reply.code(204).send(null)
    },
  )
}

/** Gives an endpoint a new secret; both sign for a day. */
export const rotateWebhookRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/webhooks/:id/rotate',
    {
      onRequest: app.requireScope('write'),
      config: { audits: 'webhook' },
      schema: {
        operationId: 'rotateWebhookSecret',
        tags,
        summary: 'Rotate the secret of a webhook endpoint',
        description:
          'The secret is shown only once. For a day, every message has a second signature with the previous secret, so that receivers can switch.',
        params: IdParams,
        response: { 200: WebhookWithSecret, ...problems },
      },
    },
    async (request, reply) => {
      const { projectId } = request.principal
      const id = idOf(request)
      const rotation = newSecretWork(deps, { id, projectId }, (tx, secret) =>
        audited(
          tx,
          request,
          () => rotateWebhookSecret(tx, projectId, id, { secret, overlapSec: OVERLAP_SEC }),
          changed,
        ),
      )
      const made = await idempotent(deps, request, reply, rotation)
      return reply.header('cache-control', 'no-store').send(presentNewSecret(made, deps.clock.now()))
    },
  )
}
