import type { components, operations } from './generated/api.ts'

/** Every resource and request of the HTTP contract, by its name in the OpenAPI document. */
export type Schemas = components['schemas']

export type Asset = Schemas['Asset']
export type AssetStatus = Asset['status']
export type AssetSummary = Schemas['AssetSummary']
export type CreateImport = Schemas['CreateImport']
export type CreateUpload = Schemas['CreateUpload']
export type ErrorCode = Schemas['ErrorCode']
export type Job = Schemas['Job']
export type Manifest = Schemas['Manifest']
export type MultipartUpload = Schemas['MultipartUpload']
export type PartsSigned = Schemas['PartsSigned']
export type Problem = Schemas['Problem']
export type SignedPart = Schemas['SignedPart']
export type SingleUpload = Schemas['SingleUpload']
export type UploadConfirmed = Schemas['UploadConfirmed']
export type UploadCreated = Schemas['UploadCreated']
export type UploadInstructions = Schemas['UploadInstructions']
export type UploadState = Schemas['UploadState']
export type Variant = Schemas['Variant']

type Operation = keyof operations
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined
type Successes<Responses> = { [Status in keyof Responses & (200 | 201 | 202 | 204)]: Json<Responses[Status]> }

/** What an operation answers with, by its `operationId`. */
export type Answer<Name extends Operation> = Successes<operations[Name]['responses']>[keyof Successes<
  operations[Name]['responses']
>]

/** What the body of a request to an operation is. */
export type Body<Name extends Operation> = operations[Name] extends { requestBody?: infer Given }
  ? Json<NonNullable<Given>>
  : never

/** What the query of a request to an operation is. */
export type Query<Name extends Operation> = NonNullable<operations[Name]['parameters']['query']>
