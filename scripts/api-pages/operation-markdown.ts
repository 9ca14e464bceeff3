import type { OperationDescription } from '../../apps/api/src/reference/describe-operation.ts'
import { errorAnchor } from '../../packages/contracts/src/index.ts'
import { fieldList, prose, typeOf } from './schema-markdown.ts'

/** Formats an operation: its parameters and body, its answers, its errors, and a command. */
export function operationMarkdown(described: OperationDescription): string {
  const { id, summary, description, method, path, parameters, body, answers, problems, curl } = described
  return [
    `## ${summary}`,
    `\`${method.toUpperCase()} ${path}\` (\`${id}\`)`,
    prose(description),
    parameters.length > 0 && `**Parameters**\n\n${fieldList(parameters)}`,
    body && bodyMarkdown(body),
    `**Answers**\n\n${answers.map(answerMarkdown).join('\n')}`,
    `**Errors**: ${problems.map(problemMarkdown).join(', ')}`,
    `\`\`\`sh\n${curl}\n\`\`\``,
  ]
    .filter(Boolean)
    .join('\n\n')
}

function bodyMarkdown({ schema, isOptional, fields }: NonNullable<OperationDescription['body']>): string {
  const title = `**Body**: ${prose(typeOf(schema))}${isOptional ? ', optional' : ''}`
  return fields.length > 0 ? `${title}\n\n${fieldList(fields)}` : title
}

function answerMarkdown({ status, description, content, headers }: OperationDescription['answers'][number]): string {
  const what = content.map(({ type, schema }) => (type === 'application/json' ? typeOf(schema) : `\`${type}\``))
  const names = headers.length > 0 ? ` Headers: ${headers.map(name => `\`${name}\``).join(', ')}.` : ''
  return `- \`${status}\` ${prose(`${what.length > 0 ? `${what.join(', ')}: ` : ''}${description}${names}`)}`
}

const problemMarkdown = ({ status, code }: OperationDescription['problems'][number]): string =>
  `${status} [\`${code}\`](../errors.md#${errorAnchor(code)})`
