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

export interface WorldPopulation {
  readonly people: readonly WorldPerson[];
  readonly cooperatives: readonly { readonly mersisNo: string }[];
}

type Patched<P> =
  | { readonly ok: true; readonly population: P }
  | { readonly ok: false; readonly problem: string; readonly field?: string };

/** The rules of a change live with the population; the world only keeps the result. */
export interface PopulationPatches<P extends WorldPopulation> {
  patchPerson(population: P, kimlikNo: string, change: unknown): Patched<P>;
  patchCooperative(population: P, mersisNo: string, change: unknown): Patched<P>;
}

export type PatchResult =
  | { readonly ok: true; readonly record: unknown }
  | { readonly ok: false; readonly reason: 'unknown' | 'invalid'; readonly problem: string };

/** The world as the stand-ins see it: looked up by number, changed only through patches. */
export interface World {
  person(kimlikNo: string): WorldPerson | undefined;
  cooperative(mersisNo: string): WorldPopulation['cooperatives'][number] | undefined;
  patchPerson(kimlikNo: string, change: unknown): Promise<PatchResult>;
  patchCooperative(mersisNo: string, change: unknown): Promise<PatchResult>;
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
  let people = indexBy(population.people, (person) => person.kimlikNo);
  let cooperatives = indexBy(population.cooperatives, (cooperative) => cooperative.mersisNo);
  let queue: Promise<unknown> = Promise.resolve();

  const keep = async (patched: Patched<P>, record: () => unknown): Promise<PatchResult> => {
    if (!patched.ok) {
      const { problem, field } = patched;
      return {
        ok: false,
        reason: 'invalid',
        problem: field === undefined ? problem : `${problem}: ${field}`,
      };
    }
    await options.save?.(patched.population);
    population = patched.population;
    people = indexBy(population.people, (person) => person.kimlikNo);
    cooperatives = indexBy(population.cooperatives, (cooperative) => cooperative.mersisNo);
    return { ok: true, record: record() };
  };
  const inTurn = (work: () => Promise<PatchResult>): Promise<PatchResult> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  const unknown: PatchResult = { ok: false, reason: 'unknown', problem: 'not in this world' };

  return {
    person: (kimlikNo) => people.get(kimlikNo),
    cooperative: (mersisNo) => cooperatives.get(mersisNo),
    patchPerson: (kimlikNo, change) =>
      inTurn(async () =>
        people.has(kimlikNo)
          ? keep(options.patches.patchPerson(population, kimlikNo, change), () => people.get(kimlikNo))
          : unknown,
      ),
    patchCooperative: (mersisNo, change) =>
      inTurn(async () =>
        cooperatives.has(mersisNo)
          ? keep(options.patches.patchCooperative(population, mersisNo, change), () =>
              cooperatives.get(mersisNo),
            )
          : unknown,
      ),
  };
}

/** Writes the world beside its file and renames it: a reader or a crash never meets half of one. Mode 0600. */
export async function saveWorld(file: string, population: WorldPopulation): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, `${JSON.stringify(population)}\n`, { mode: 0o600, flush: true });
  await rename(beside, file);
}

function indexBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}
