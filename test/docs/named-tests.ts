import { parseSync } from '@swc/core';

/** The names of the tests of a file, as they are written, with `…` for what a template puts in. Skipped tests and comments give none. */
export function testNames(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  walk(parseSync(source, { syntax: 'typescript', target: 'es2022' }).body, (node) => {
    if (node.type !== 'CallExpression' || !isTest(node.callee)) return;
    const name = textOf((node.arguments as { expression: SwcNode }[])[0]?.expression);
    if (name !== undefined) names.add(name);
  });
  return names;
}

type SwcNode = { readonly type: string } & Record<string, unknown>;

/** `it(…)`, `it.each(…)(…)`, also as `test`; not `it.skip`, `it.todo` or `describe`. */
function isTest(callee: unknown): boolean {
  const node = callee as SwcNode;
  if (node.type === 'Identifier') return isName(node.value);
  if (node.type !== 'CallExpression') return false;
  const inner = node.callee as SwcNode;
  if (inner.type !== 'MemberExpression') return false;
  return (
    (inner.object as SwcNode).type === 'Identifier' &&
    isName((inner.object as SwcNode).value) &&
    (inner.property as SwcNode).value === 'each'
  );
}

const isName = (value: unknown) => value === 'it' || value === 'test';

function textOf(node: SwcNode | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return String(node.value);
  if (node?.type !== 'TemplateLiteral') return undefined;
  return (node.quasis as { cooked: string }[]).map(({ cooked }) => cooked).join('…');
}

function walk(value: unknown, visit: (node: SwcNode) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, visit);
  } else if (typeof value === 'object' && value !== null) {
    if (typeof (value as SwcNode).type === 'string') visit(value as SwcNode);
    for (const one of Object.values(value)) walk(one, visit);
  }
}
