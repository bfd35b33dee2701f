/** What a statement's file is called: `kps-2026-Q3-birlik-satirlar.csv`. `account` null: all of them; `detail` null: totals. */
export function statementFileName(
  quarter: string,
  account: string | null,
  detail: string | null,
  extension: string,
): string {
  return `${['kps', quarter, account, detail].filter((part) => part !== null).join('-')}.${extension}`;
}
