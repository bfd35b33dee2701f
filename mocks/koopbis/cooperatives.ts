import { readFile, stat } from 'node:fs/promises';

/** A cooperative that somebody may choose in the form. */
export interface Choice {
  readonly mersisNo: string;
  readonly unvan: string;
}

interface World {
  readonly cooperatives: readonly {
    readonly mersisNo: string;
    readonly unvan: string;
    readonly board: readonly { readonly kimlikNo: string }[];
  }[];
}

/** Cooperatives on whose board a person stands, by the world file; only an offer: the bridge decides who may act. */
export function createChoices(worldFile: string): (kimlikNo: string) => Promise<readonly Choice[]> {
  let known: { readonly at: number; readonly world: World } | undefined;
  return async (kimlikNo) => {
    const { mtimeMs } = await stat(worldFile);
    if (known?.at !== mtimeMs)
      known = { at: mtimeMs, world: JSON.parse(await readFile(worldFile, 'utf8')) as World };
    return known.world.cooperatives
      .filter(({ board }) => board.some((seat) => seat.kimlikNo === kimlikNo))
      .map(({ mersisNo, unvan }) => ({ mersisNo, unvan }));
  };
}
