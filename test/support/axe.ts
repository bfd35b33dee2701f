import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** The part of axe-core's answer that is looked at. */
interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly unknown[] }[];
  }[];
}

/**
 * What axe-core has against the page as it stands, best practices included: rule, its sentence, and where. Empty: nothing. axe goes in
 * through the debugger, which a Content-Security-Policy does not bind, so the page keeps its own. Needs a page with scripts on.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(SOURCE);
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeAnswer;
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}
