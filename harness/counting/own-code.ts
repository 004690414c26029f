// How much code a strategy is: the statements, branches and places that lock of its module and of what that imports.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AnyNode, type Function as FunctionNode, type Program, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { OwnCode } from '../results/results.js';

/** The modelled host, which is the same for all strategies. */
const HOST_MODULES = new URL('../../machine/', import.meta.url).href;

/** The files that a module imports or exports from. Packages and modules of Node are nobody's own code. */
function importsOf({ body }: Program, url: string): string[] {
  return body.flatMap((node) => {
    if (!('source' in node) || typeof node.source?.value !== 'string') return [];
    return /^(\.{0,2}\/|file:)/.test(node.source.value) ? [new URL(node.source.value, url).href] : [];
  });
}

/** A strategy's module and the files that it imports, directly or not, without those of the modelled host. */
function readOwnModules(url: string): Program[] {
  const sources = new Map<string, Program>();
  const pending = [url];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    // Two links to one file are one module, as they are for Node.
    const file = realpathSync(fileURLToPath(next));
    const { href } = pathToFileURL(file);
    if (href.startsWith(HOST_MODULES) || sources.has(href)) continue;
    // The decoder drops a byte order mark, which is no part of the program.
    const text = new TextDecoder().decode(readFileSync(file));
    const source = parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
    sources.set(href, source);
    pending.push(...importsOf(source, href));
  }
  return [...sources.values()];
}

const isFunction = (node: AnyNode): node is Extract<AnyNode, FunctionNode> =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression';

const isLoop = ({ type }: AnyNode): boolean => /^(For|While|DoWhile|ForIn|ForOf)Statement$/.test(type);

/** Kinds of nodes that always count as one statement. */
const STATEMENT =
  /^(Expression|Return|If|Switch|Throw|Try|Break|Continue|For|While|DoWhile|ForIn|ForOf)Statement$/;

function isStatement(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (node.type === 'ArrowFunctionExpression') return node.expression;
  if (node.type !== 'VariableDeclaration') return STATEMENT.test(node.type);
  const isHeadOfLoop = parent !== undefined && isLoop(parent);
  return !isHeadOfLoop && !node.declarations.every(({ init }) => init && isFunction(init));
}

function isBranch(node: AnyNode): boolean {
  if (node.type === 'AssignmentExpression') return ['&&=', '||=', '??='].includes(node.operator);
  if (node.type === 'SwitchCase') return node.test !== null;
  return isLoop(node) || /^(IfStatement|ConditionalExpression|LogicalExpression)$/.test(node.type);
}

/** Whether an expression ends in a name: `lock`, or `memory.lock`. */
function isNamed(node: AnyNode, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  return node.type === 'MemberExpression' && !node.computed && isNamed(node.property, name);
}

/**
 * Whether a node is a call of `lock` that takes a lock. A function whose only statement is that call gives it a name:
 * the callers of the function take the lock.
 */
function isLock(node: AnyNode, owner: FunctionNode | undefined): boolean {
  if (node.type !== 'CallExpression' || !isNamed(node.callee, 'lock')) return false;
  if (owner === undefined) return true;
  const [only, ...others] = owner.body.type === 'BlockStatement' ? owner.body.body : [owner.body];
  const isAll =
    others.length === 0 && (only?.type === 'ExpressionStatement' ? only.expression : only) === node;
  return !isAll;
}

/**
 * Counts the code of a strategy in the JavaScript of its module and of the files that this imports, directly or not.
 * The modelled host does not count, and neither do packages.
 *
 * - Statements: a loop or an `if` is one besides what is in it. A declaration of variables is one, and so is the
 *   expression of an arrow function. Blocks, imports, exports, heads of loops and declarations that only name functions
 *   or classes are none.
 * - Branches: each `if`, `?:`, loop, `&&`, `||`, `??` and `case`.
 * - Locks: each call of `lock`. The call does not count if it is all that its function does; calls of that function do.
 *
 * @param strategy - Its id.
 * @param url - URL of its module.
 * @throws SyntaxError if one of the files is no ES module.
 */
export function ownCode(strategy: string, url: string): OwnCode {
  const modules = readOwnModules(url);
  const counts = { statements: 0, branches: 0, locks: 0 };
  for (const source of modules) {
    fullAncestor(source, (node, _, ancestors) => {
      if (isStatement(node, ancestors.at(-2))) counts.statements++;
      if (isBranch(node)) counts.branches++;
      if (isLock(node, ancestors.findLast(isFunction))) counts.locks++;
    });
  }
  return { strategy, modules: modules.length, ...counts };
}
