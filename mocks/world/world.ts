import { rename, writeFile } from 'node:fs/promises';

/** What a register knows about a person; the sandbox file's names (CONTRACT §2). */
export interface WorldPerson {
  readonly kimlikNo: string;
  readonly ad: string;
  /** `''` for a person recorded without one. */
  readonly soyad: string;
  /** `1950-06-15`, or with `00` for unknown parts. */
  readonly dogumTarihi: string;
  readonly durum: 'açık' | 'ölüm' | 'kapalı';
  /** What e-Devlet keeps beside; nobody signs in without a password. `edevletTotp` null: no two-step there. */
  readonly password?: string | undefined;
  readonly edevletTotp?: string | null | undefined;
  readonly level?: string | undefined;
}

/** One duty at a cooperative. Days `YYYY-MM-DD`; on `bitis` it is over; no `tescil`: elected, not registered. */
export interface WorldSeat {
  readonly kimlikNo: string;
  readonly gorev: string;
  readonly baslangic: string;
  readonly bitis?: string | undefined;
  readonly tescil?: string | undefined;
  readonly temsil?: string | undefined;
  /** The legal person that sits there through `kimlikNo`. */
  readonly tuzelKisi?: { readonly vkn: string; readonly unvan: string } | undefined;
}

/** What MERSİS knows about a cooperative. */
export interface WorldCooperative {
  readonly mersisNo: string;
  readonly vkn: string;
  readonly unvan: string;
  readonly tur: string;
  readonly seviye: string;
  readonly kanun: string;
  readonly il: string;
  readonly durum: string;
  /** First day of `durum`. */
  readonly durumTarihi?: string | undefined;
  /** With `birleşme`: the cooperative that it went into. */
  readonly halef?: string | undefined;
  readonly board: readonly WorldSeat[];
}

export interface WorldPopulation {
  readonly people: readonly WorldPerson[];
  readonly cooperatives: readonly WorldCooperative[];
}

/** What a simulated month did to one cooperative. */
export interface MonthChange {
  /** Counted since the world began. */
  readonly month: number;
  readonly day: string;
  readonly mersisNo: string;
  readonly what: string;
}

type Patched<P> =
  | { readonly ok: true; readonly population: P }
  | { readonly ok: false; readonly problem: string; readonly field?: string };

/** The rules of a change live with the population; the world only keeps the result. */
export interface PopulationPatches<P extends WorldPopulation> {
  patchPerson(population: P, kimlikNo: string, change: unknown): Patched<P>;
  patchCooperative(population: P, mersisNo: string, change: unknown): Patched<P>;
  /** Moves the world on by simulated months; a world without history stays as it is. */
  moveMonths?(
    population: P,
    count: number,
  ): { readonly population: P; readonly changes: readonly MonthChange[] };
}

export type PatchResult =
  | { readonly ok: true; readonly record: unknown }
  | { readonly ok: false; readonly reason: 'unknown' | 'invalid'; readonly problem: string };

/** The world as the stand-ins see it: looked up by number, changed only through patches. */
export interface World {
  person(kimlikNo: string): WorldPerson | undefined;
  cooperative(mersisNo: string): WorldCooperative | undefined;
  cooperativeOfVkn(vkn: string): WorldCooperative | undefined;
  patchPerson(kimlikNo: string, change: unknown): Promise<PatchResult>;
  patchCooperative(mersisNo: string, change: unknown): Promise<PatchResult>;
  /** What happened at which cooperative, in order. */
  moveMonths(count: number): Promise<readonly MonthChange[]>;
}

/**
 * A world over one population. A patch is kept through `save` before it is seen, and patches go one after another, so the
 * file never holds an older world than an answer showed.
 */
export function createWorld<P extends WorldPopulation>(options: {
  readonly population: P;
  readonly patches: PopulationPatches<P>;
  readonly save?: ((population: P) => Promise<void>) | undefined;
}): World {
  let population = options.population;
  let indices = indicesOf(population);
  let queue: Promise<unknown> = Promise.resolve();

  const take = async (changed: P) => {
    await options.save?.(changed);
    population = changed;
    indices = indicesOf(changed);
  };
  const keep = async (patched: Patched<P>, record: () => unknown): Promise<PatchResult> => {
    if (!patched.ok) {
      const { problem, field } = patched;
      return {
        ok: false,
        reason: 'invalid',
        problem: field === undefined ? problem : `${problem}: ${field}`,
      };
    }
    await take(patched.population);
    return { ok: true, record: record() };
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  const unknown: PatchResult = { ok: false, reason: 'unknown', problem: 'not in this world' };

  return {
    person: (kimlikNo) => indices.people.get(kimlikNo),
    cooperative: (mersisNo) => indices.cooperatives.get(mersisNo),
    cooperativeOfVkn: (vkn) => indices.vkns.get(vkn),
    patchPerson: (kimlikNo, change) =>
      inTurn(async () =>
        indices.people.has(kimlikNo)
          ? keep(options.patches.patchPerson(population, kimlikNo, change), () =>
              indices.people.get(kimlikNo),
            )
          : unknown,
      ),
    patchCooperative: (mersisNo, change) =>
      inTurn(async () =>
        indices.cooperatives.has(mersisNo)
          ? keep(options.patches.patchCooperative(population, mersisNo, change), () =>
              indices.cooperatives.get(mersisNo),
            )
          : unknown,
      ),
    moveMonths: (count) =>
      inTurn(async () => {
        const moved = options.patches.moveMonths?.(population, count);
        if (moved === undefined) return [];
        await take(moved.population);
        return moved.changes;
      }),
  };
}

/** Writes the world beside its file and renames it: a reader or a crash never meets half of one. Mode 0600. */
export async function saveWorld(file: string, population: WorldPopulation): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, `${JSON.stringify(population)}\n`, { mode: 0o600, flush: true });
  await rename(beside, file);
}

function indicesOf({ people, cooperatives }: WorldPopulation) {
  return {
    people: indexBy(people, (person) => person.kimlikNo),
    cooperatives: indexBy(cooperatives, (cooperative) => cooperative.mersisNo),
    vkns: indexBy(cooperatives, (cooperative) => cooperative.vkn),
  };
}

function indexBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}
