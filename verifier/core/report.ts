/** One line of the report: what was checked, whether it holds, and the reason in words, in both languages. */
export interface Check {
  /** Fixed name, e.g. `root`, `timestamp-1200`, `revealed-17-subject.number`. */
  readonly name: string;
  readonly ok: boolean;
  readonly tr: string;
  readonly en: string;
  /** For technicians: numbers, file names, fingerprints. May stand over several lines. */
  readonly detail?: string;
}

/** `ok` only where every check was made and holds. The first that fails is the last: later ones would rest on it. */
export interface VerifyReport {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly kind: 'export' | 'evidence';
}

/** Why a check does not hold, in both languages. Never leaves this folder: it becomes a failed check. */
class Failure extends Error {
  readonly tr: string;
  readonly en: string;
  readonly detail: string | undefined;

  constructor(tr: string, en: string, detail?: string) {
    super(en);
    this.name = 'Failure';
    this.tr = tr;
    this.en = en;
    this.detail = detail;
  }
}

/** Ends the running check as failed. */
export function fail(tr: string, en: string, detail?: string): never {
  throw new Failure(tr, en, detail);
}

/** What a check that holds says. */
export interface Held {
  readonly tr: string;
  readonly en: string;
  readonly detail?: string;
}

/** Thrown when a check has failed: nothing after it is looked at. */
class Stopped extends Error {}

/** The checks as they are made. */
export class Checks {
  /** What the folder is, as soon as that is known. */
  kind: VerifyReport['kind'] = 'export';
  readonly #made: Check[] = [];
  readonly #onCheck: (check: Check) => void;

  constructor(onCheck: (check: Check) => void) {
    this.#onCheck = onCheck;
  }

  /** Makes one check. Whatever `work` throws is a failed check, never an exception for the user; then everything stops. */
  async check<T>(name: string, work: () => Promise<readonly [T, Held]>): Promise<T> {
    try {
      const [value, held] = await work();
      this.#add({ name, ok: true, ...held });
      return value;
    } catch (error) {
      this.#add({ name, ok: false, ...reasonOf(error) });
      throw new Stopped();
    }
  }

  /** Runs `all` and gives its report, ended early by the first check that fails. */
  async report(all: () => Promise<void>): Promise<VerifyReport> {
    const checks = this.#made;
    try {
      await all();
    } catch (error) {
      if (!(error instanceof Stopped)) this.#add({ name: 'files', ok: false, ...reasonOf(error) });
      return { ok: false, checks, kind: this.kind };
    }
    return { ok: checks.length > 0 && checks.every((check) => check.ok), checks, kind: this.kind };
  }

  #add(check: Check): void {
    const clean: Check = {
      name: printable(check.name),
      ok: check.ok,
      tr: printable(check.tr),
      en: printable(check.en),
      ...(check.detail === undefined ? {} : { detail: printable(check.detail) }),
    };
    this.#made.push(clean);
    this.#onCheck(clean);
  }
}

function reasonOf(error: unknown): Held {
  if (error instanceof Failure) {
    const { tr, en, detail } = error;
    return detail === undefined ? { tr, en } : { tr, en, detail };
  }
  // A library stumbled over hostile bytes, or the disk over a file: either way nothing was proved.
  return {
    tr: 'Okunamadı ya da biçimi bozuk; bu nedenle hiçbir şey kanıtlanmış sayılmaz.',
    en: 'It could not be read or is malformed; nothing counts as proved by it.',
    detail: error instanceof Error ? error.message : 'unknown fault',
  };
}

const LONGEST_TEXT = 4000;

/**
 * Names and origins come from the folder and go to a terminal: control characters could move its cursor and write an
 * "ok" that nobody earned; marks of writing direction could turn words round.
 */
function printable(text: string): string {
  const clean = text.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, '\ufffd');
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}
