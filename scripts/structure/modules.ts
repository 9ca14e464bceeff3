import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type EcmaScriptModule, type ParseResult, parseSync } from 'oxc-parser'
import { z } from 'zod'

/** A part of a file, in characters. */
export interface Span {
  start: number
  end: number
}

/** What an imported name is in the end, behind every file that passes it on. */
export interface Definition {
  file: string
  /** Null where it is nothing that a variable, function or class declares. */
  span: Span | null
}

/** A name that a file imports; types are none. */
export interface ImportedName {
  specifier: string
  definition: Definition | null
}

export interface Modules {
  importsOf(file: string): ImportedName[]
}

const Manifest = z.object({ name: z.string(), exports: z.record(z.string(), z.string()).default({}) })

type Statement = ParseResult['program']['body'][number]
type ExportEntry = EcmaScriptModule['staticExports'][number]['entries'][number]

/** Reads the source of a checkout and follows imports to what they mean. Files are named from its root. */
export function readModules(root: string): Modules {
  const parsed = new Map<string, ParseResult>()
  const entries = readEntries(root)

  function parse(file: string): ParseResult {
    const known = parsed.get(file) ?? parseSync(file, readFileSync(join(root, file), 'utf8'))
    parsed.set(file, known)
    return known
  }

  /** The file of ours that a specifier means. */
  function resolve(from: string, specifier: string): string | null {
    const file = specifier.startsWith('.') ? join(dirname(from), specifier) : entries.get(specifier)
    return file !== undefined && existsSync(join(root, file)) && /\.tsx?$/.test(file) ? file : null
  }

  function define(file: string, name: string): Definition | null {
    for (const entry of parse(file).module.staticExports.flatMap(one => one.entries)) {
      const found = isWhole(entry) ? passedOn(file, entry, name) : exportNameOf(entry) === name && named(file, entry)
      if (found) return found
    }
    return null
  }

  function passedOn(file: string, { moduleRequest }: ExportEntry, name: string): Definition | null {
    const target = moduleRequest && resolve(file, moduleRequest.value)
    return target ? define(target, name) : null
  }

  function named(file: string, entry: ExportEntry): Definition | null {
    if (entry.moduleRequest) return passedOn(file, entry, entry.importName.name ?? 'default')
    const local = entry.localName.name ?? 'default'
    const imported = importEntries(file).find(one => one.local === local)
    const target = imported && resolve(file, imported.specifier)
    if (imported) return target ? define(target, imported.name) : null
    return { file, span: spanOf(parse(file).program.body, local) }
  }

  const importEntries = (file: string) =>
    parse(file).module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries
        .filter(({ isType }) => !isType)
        .map(({ importName, localName }) => ({
          specifier: moduleRequest.value,
          name: importName.name ?? 'default',
          local: localName.value,
        })),
    )

  return {
    importsOf: file =>
      importEntries(file).map(({ specifier, name }) => {
        const target = resolve(file, specifier)
        return { specifier, definition: target ? define(target, name) : null }
      }),
  }
}

/** Reads the files by which packages can be imported, such as `@darkroom/db/jobs`. */
function readEntries(root: string): Map<string, string> {
  const manifests = globSync(['apps/*/package.json', 'packages/*/package.json'], { cwd: root }).map(String)
  return new Map(
    manifests.flatMap(path => {
      const { name, exports } = Manifest.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
      return Object.entries(exports).map(([entry, file]) => [join(name, entry), join(dirname(path), file)] as const)
    }),
  )
}

const isWhole = ({ importName, exportName }: ExportEntry) => importName.kind !== 'Name' && exportName.kind === 'None'

const exportNameOf = ({ exportName }: ExportEntry) => (exportName.kind === 'Default' ? 'default' : exportName.name)

function spanOf(statements: Statement[], name: string): Span | null {
  for (const statement of statements) {
    const declared = 'declaration' in statement && statement.declaration ? statement.declaration : statement
    if (declared.type === 'FunctionDeclaration' || declared.type === 'ClassDeclaration') {
      if (declared.id?.name === name) return declared
    } else if (declared.type === 'VariableDeclaration') {
      const found = declared.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
      if (found) return found
    }
  }
  return null
}
