// The page's modules as one script: a page that loads nothing has no place to import from.
import { readFileSync } from 'node:fs';
import { type Node, type Pattern, type Program, parse } from 'acorn';
import { simple } from 'acorn-walk';

/** A module as it was compiled. */
interface Module {
  readonly href: string;
  readonly text: string;
  readonly program: Program;
}

/**
 * A module and all that it imports, each once and after what it imports itself, in one scope.
 *
 * @throws Error on anything of an import or export besides relative named imports and exported declarations, on
 *   modules that import each other in a circle, and if two modules declare the same name at their top level.
 */
export function joinedModules(entry: URL): string {
  const modules: Module[] = [];
  const visit = (url: URL, importers: readonly string[]): void => {
    if (importers.includes(url.href)) throw new Error(`${url.href} imports itself in a circle`);
    if (modules.some(({ href }) => href === url.href)) return;
    const module = parsed(url);
    for (const source of importsOf(module)) visit(new URL(source, url), [...importers, url.href]);
    modules.push(module);
  };
  visit(entry, []);
  rejectSharedNames(modules);
  return modules.map(withoutLinks).join('\n');
}

function parsed(url: URL): Module {
  const text = readFileSync(url, 'utf8');
  return { href: url.href, text, program: parse(text, { ecmaVersion: 2023, sourceType: 'module' }) };
}

/** What a module imports from. */
function importsOf({ href, program }: Module): string[] {
  const reject = (what: string): never => {
    throw new Error(`${href}: ${what} cannot be joined`);
  };
  simple(program, {
    ImportExpression: () => reject('import()'),
    MetaProperty: ({ meta, property }) => {
      if (meta.name === 'import') reject(`import.${property.name}`);
    },
  });
  return program.body.flatMap((statement) => {
    if (statement.type === 'ExportDefaultDeclaration') reject('export default');
    if (statement.type === 'ExportAllDeclaration') reject('export *');
    if (statement.type === 'ExportNamedDeclaration') {
      const { declaration, specifiers, source } = statement;
      if (source || (!declaration && specifiers.length > 0)) reject('a list of exports');
    }
    if (statement.type !== 'ImportDeclaration') return [];
    const source = String(statement.source.value);
    if (!/^\.\.?\//.test(source)) reject(`the import of "${source}"`);
    for (const specifier of statement.specifiers) {
      const { imported } = specifier.type === 'ImportSpecifier' ? specifier : { imported: null };
      if (imported?.type !== 'Identifier' || imported.name !== specifier.local.name) {
        reject(`an import from "${source}" that is not by its name`);
      }
    }
    return [source];
  });
}

/** A module's text without its imports and the keyword "export". */
function withoutLinks({ text, program }: Module): string {
  const links = program.body.flatMap((statement): Pick<Node, 'start' | 'end'>[] => {
    if (statement.type === 'ImportDeclaration') return [statement];
    if (statement.type !== 'ExportNamedDeclaration') return [];
    return [{ start: statement.start, end: statement.declaration?.start ?? statement.end }];
  });
  return links.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

function rejectSharedNames(modules: readonly Module[]): void {
  const homes = new Map<string, string>();
  for (const { href, program } of modules) {
    for (const name of program.body.flatMap(declaredNames)) {
      const home = homes.get(name);
      if (home !== undefined) throw new Error(`"${name}" is declared in ${home} and in ${href}`);
      homes.set(name, href);
    }
  }
}

function declaredNames(statement: Program['body'][number]): string[] {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => boundNames(id));
  }
  if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
    return declaration.id === null ? [] : [declaration.id.name];
  }
  return [];
}

function boundNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)));
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'MemberExpression':
      return [];
  }
}
