import type { ShownRows } from './rows-rule.js';

/** How many rows the tables of a page show, those beside its charts among them. */
export function shownRows(html: string): ShownRows {
  const [main = ''] = /<main[\s\S]*<\/main>/.exec(html) ?? [];
  const tables = [...main.matchAll(/<tbody>([\s\S]*?)<\/tbody>/g)];
  const rows = tables.map(([, body = '']) => body.match(/<tr[ >]/g)?.length ?? 0);
  return { rows: rows.reduce((sum, one) => sum + one, 0), largest: Math.max(0, ...rows) };
}
