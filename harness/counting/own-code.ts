// How much code a design is: statements, branches and locks of what is its own, counted from its source. Its own is
// its module and what that imports, but nothing of the modelled host; and of these, the functions that were called.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AnyNode, type Function as FunctionNode, type Program, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { HostParameters } from '../../machine/host.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { CodeCounts, OwnCode } from '../results/results.js';
import { type CalledFunction, callsOfVerbs } from './called-functions.js';

/** The modelled host, which all designs share. */
const HOST_MODULES = new URL('../../machine/', import.meta.url).href;

/** Modules in source form, by URL. */
type ModuleSources = ReadonlyMap<string, Program>;

/** The files that a module imports or exports from; packages and parts of Node are nobody's own. */
function importsOf({ body }: Program, url: string): string[] {
  return body.flatMap((node) => {
    if (!('source' in node) || typeof node.source?.value !== 'string') return [];
    return /^(\.{0,2}\/|file:)/.test(node.source.value) ? [new URL(node.source.value, url).href] : [];
  });
}

/** A design's module and what that imports, directly or not, but nothing of the modelled host. */
function readOwnModules(url: string): ModuleSources {
  const sources = new Map<string, Program>();
  const pending = [url];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    // Where a path leads over a link, Node names the module by the file at its end.
    const file = realpathSync(fileURLToPath(next));
    const { href } = pathToFileURL(file);
    if (href.startsWith(HOST_MODULES) || sources.has(href)) continue;
    // As Node reads it: without a byte order mark, which would move every place by one.
    const text = new TextDecoder().decode(readFileSync(file));
    const source = parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
    sources.set(href, source);
    pending.push(...importsOf(source, href));
  }
  return sources;
}

const isFunction = (node: AnyNode): node is Extract<AnyNode, FunctionNode> =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression';

const isLoop = ({ type }: AnyNode): boolean => /^(For|While|DoWhile|ForIn|ForOf)Statement$/.test(type);

/** Statements whatever is in them; those of variables have conditions. */
const STATEMENTS: readonly AnyNode['type'][] = [
  'ExpressionStatement',
  'ReturnStatement',
  'IfStatement',
  'SwitchStatement',
  'ThrowStatement',
  'TryStatement',
  'BreakStatement',
  'ContinueStatement',
];

function isStatement(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (node.type === 'ArrowFunctionExpression') return node.expression;
  if (node.type !== 'VariableDeclaration') return isLoop(node) || STATEMENTS.includes(node.type);
  const isHeadOfLoop = parent !== undefined && isLoop(parent);
  return !isHeadOfLoop && !node.declarations.every(({ init }) => init && isFunction(init));
}

function isBranch(node: AnyNode): boolean {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return true;
    case 'AssignmentExpression':
      return ['&&=', '||=', '??='].includes(node.operator);
    case 'SwitchCase':
      return node.test !== null;
    default:
      return isLoop(node);
  }
}

/** Whether an expression ends in a name: `lock`, or `memory.lock`. */
function isNamed(node: AnyNode, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  return node.type === 'MemberExpression' && !node.computed && isNamed(node.property, name);
}

/**
 * Whether a lock is taken: a call of what is named `lock`. What does nothing else is a name for it, and who calls that
 * takes the lock.
 */
function isLock(node: AnyNode, owner: FunctionNode): boolean {
  if (node.type !== 'CallExpression' || !isNamed(node.callee, 'lock')) return false;
  const [only, ...others] = owner.body.type === 'BlockStatement' ? owner.body.body : [owner.body];
  const isAll =
    others.length === 0 && (only?.type === 'ExpressionStatement' ? only.expression : only) === node;
  return !isAll;
}

/**
 * Whether a function is among those that were called.
 *
 * @param parent - Of the function in the source. A method begins for V8 where its name does, and for the parser where
 * its parameters do; two functions that end at the same place are told apart by where they begin.
 */
function isCalled(
  { start, end }: AnyNode,
  parent: AnyNode | undefined,
  called: readonly CalledFunction[],
): boolean {
  const isMember = parent?.type === 'Property' || parent?.type === 'MethodDefinition';
  const first = isMember ? parent.start : start;
  return called.some((place) => place.end === end && place.start >= first && place.start <= start);
}

function countCode(modules: ModuleSources, called: readonly CalledFunction[]): CodeCounts {
  const counts = { statements: 0, branches: 0, locks: 0 };
  for (const [url, source] of modules) {
    const calledHere = called.filter(({ module }) => module === url);
    fullAncestor(source, (node, _, ancestors) => {
      const index = ancestors.findLastIndex(isFunction);
      const owner = ancestors[index];
      if (owner === undefined || !isFunction(owner) || !isCalled(owner, ancestors[index - 1], calledHere))
        return;
      if (isStatement(node, ancestors.at(-2))) counts.statements++;
      if (isBranch(node)) counts.branches++;
      if (isLock(node, owner)) counts.locks++;
    });
  }
  return counts;
}

/**
 * Counts a strategy's own code, in the functions that a run of all verbs calls. What is in a function within another
 * one is its own and not the other's; what is in none, such as a module's constants and a design's description, is not
 * counted.
 *
 * - Statements: each that does something, a loop or an `if` as one besides what is in it, a declaration of variables as
 *   one, and the expression that an arrow function consists of. Not blocks, nor the head of a loop, nor declarations
 *   that do no more than give functions their names.
 * - Branches: each `if`, `?:`, loop, `&&`, `||`, `??` and `case`.
 * - Locks: each place where a lock is taken, a call of `lock`. A function that does nothing else is no place, those that
 *   call it are.
 *
 * @param url - Of its module.
 * @param parameters - Of the host that the verbs run on.
 * @throws SyntaxError if a file that it imports is no ES module; and whatever the strategy throws.
 */
export function ownCode(strategy: Strategy, url: string, parameters: HostParameters): OwnCode {
  const { all, update } = callsOfVerbs(strategy, parameters);
  const modules = readOwnModules(url);
  return {
    strategy: strategy.id,
    modules: modules.size,
    all: countCode(modules, all),
    update: countCode(modules, update),
  };
}
