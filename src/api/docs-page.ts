import { PROBLEMS } from './problem-texts.js';

/** `GET /docs`: the calls and every problem code on one page, without scripts. All text is ours; nothing is escaped in. */
export function docsPage(document: Record<string, unknown>): string {
  const paths = document.paths as Record<string, Record<string, { summary: string }>>;
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => row([`${method.toUpperCase()} ${path}`, summary])),
  );
  const problems = Object.entries(PROBLEMS).map(([code, { status, tr, en }]) =>
    row([String(status), code, tr, en]),
  );
  return `<!doctype html><html lang="tr"><meta charset="utf-8"><title>KOOPBİS köprüsü – servis API</title>
<h1>KOOPBİS köprüsü – servis API</h1><p><a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
<table>${calls.join('')}</table><h2>Hata kodları / problem codes</h2><table>${problems.join('')}</table></html>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
