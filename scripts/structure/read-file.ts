import { readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'

/** What one source file holds. */
export interface SourceFile {
  lines: number
  /** Lines of each function, methods and arrows included; a function within another counts for itself as well. */
  functionLines: number[]
  /** What it imports, as it is written. */
  imports: string[]
  /** Names that it exports, also those that it passes on by name. A value and a type of one name are one. */
  exports: number
  /** Files of which it passes on every name, as they are written. */
  passesOn: string[]
}

/** Reads what a TypeScript file holds. @throws Error when it cannot be parsed */
export function readSourceFile(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const { program, module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const lineOf = lineFinder(text)
  const exported = module.staticExports.flatMap(({ entries }) => entries)
  const { wholes = [], named = [] } = Object.groupBy(exported, ({ importName, exportName }) =>
    importName.kind !== 'Name' && exportName.kind === 'None' ? 'wholes' : 'named',
  )
  const functionLines: number[] = []
  const add = ({ start, end }: { start: number; end: number }) =>
    functionLines.push(lineOf(Math.max(start, end - 1)) - lineOf(start) + 1)
  new Visitor({ FunctionDeclaration: add, FunctionExpression: add, ArrowFunctionExpression: add }).visit(program)
  return {
    lines: lineOf(text.length),
    functionLines,
    imports: [...module.staticImports, ...exported].flatMap(({ moduleRequest }) =>
      moduleRequest ? [moduleRequest.value] : [],
    ),
    exports: new Set(named.map(({ exportName }) => exportName.name)).size,
    passesOn: wholes.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
  }
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), match => match.index + 1)]
  return offset => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + (offset === text.length && text.endsWith('\n') ? 0 : 1)
  }
}
