import type { Page } from 'playwright-core';

type Rows = readonly (readonly string[])[];

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A table of the page by its caption: its rows and its foot, each cell on one line. */
export async function tableOf(
  page: Page,
  caption: string,
): Promise<{ readonly rows: Rows; readonly foot: readonly string[] }> {
  const table = page.locator('table', { has: page.locator('caption', { hasText: caption }) });
  const cells = async (row: string) =>
    Promise.all(
      (await table.locator(row).all()).map(async (one) =>
        (await one.locator('td').allTextContents()).map(oneLine),
      ),
    );
  const [rows, [foot = []]] = await Promise.all([cells('tbody tr'), cells('tfoot tr')]);
  return { rows, foot };
}

/** Value of a tile by its label. */
export async function tileOf(page: Page, label: string): Promise<string> {
  const tile = page.locator('.tiles li', { has: page.getByText(label, { exact: true }) });
  return oneLine((await tile.locator('.tile-value').textContent()) ?? '');
}
