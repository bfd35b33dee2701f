import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';

type Person = SandboxFile['people'][number];

/** Somebody who can sign in, with the cooperative that one of his roles names. */
export interface Actor {
  readonly kimlikNo: string;
  readonly cooperative: string;
}

/** People of the sandbox by what they are; the first of each kind is a pure case of it. */
export class People {
  readonly #sandbox: Pick<SandboxFile, 'people' | 'cooperatives'>;

  constructor(sandbox: Pick<SandboxFile, 'people' | 'cooperatives'>) {
    this.#sandbox = sandbox;
  }

  /**
   * The `place`th person with this role (`board`, `elected`, …) who can sign in and has no other role at that
   * cooperative, which is a working one.
   */
  actor(role: string, place = 0): Actor {
    const found = this.#sandbox.people.flatMap((person) => {
      const value = person.is.find((one) => one.startsWith(`${role}:`));
      const cooperative = value?.slice(role.length + 1) ?? '';
      const only = person.is.filter((one) => one.endsWith(`:${cooperative}`)).length === 1;
      return canSignIn(person) && only && this.#works(cooperative)
        ? [{ kimlikNo: person.kimlikNo, cooperative }]
        : [];
    });
    return found[place] ?? missing(role);
  }

  /** Staff by the whole value, such as `directorate:ticaret/Ankara`. */
  staff(wanted: (role: string) => boolean): { kimlikNo: string; role: string } {
    for (const person of this.#sandbox.people) {
      const role = person.is.find(wanted);
      if (role !== undefined && canSignIn(person) && person.is.length === 1)
        return { kimlikNo: person.kimlikNo, role };
    }
    return missing('staff');
  }

  /** Somebody who is nobody and can sign in. */
  nobody(): Person {
    return (
      this.#sandbox.people.find((one) => canSignIn(one) && one.is.includes('nobody')) ?? missing('nobody')
    );
  }

  /** The `place`th ordinary living person without any role: somebody to ask about. */
  subject(place = 0): Person {
    const plain = this.#sandbox.people.filter(
      (one) =>
        one.durum === 'açık' &&
        one.is.includes('nobody') &&
        one.soyad !== '' &&
        !one.kimlikNo.startsWith('9') &&
        !one.dogumTarihi.includes('-00'),
    );
    return plain[place] ?? missing('subject');
  }

  /** The first person of whom this holds. */
  person(wanted: (person: Person) => boolean): Person {
    return this.#sandbox.people.find(wanted) ?? missing('person');
  }

  cooperative(wanted: (one: SandboxFile['cooperatives'][number]) => boolean) {
    return this.#sandbox.cooperatives.find(wanted) ?? missing('cooperative');
  }

  #works(mersisNo: string): boolean {
    return this.#sandbox.cooperatives.some((one) => one.mersisNo === mersisNo && one.durum === 'faal');
  }
}

/** The body of an identity check about `subject`. */
export function question(
  cooperative: string,
  subject: {
    readonly kimlikNo: string;
    readonly ad: string;
    readonly soyad: string;
    readonly dogumTarihi: string;
  },
  over: object = {},
): Record<string, unknown> {
  const { kimlikNo, ad, soyad, dogumTarihi } = subject;
  return { purpose: 'ortak-kayit', cooperative, subject: { kimlikNo, ad, soyad, dogumTarihi }, ...over };
}

function canSignIn(person: Person): boolean {
  return person.edevletTotp !== null && person.durum === 'açık';
}

function missing(what: string): never {
  throw new Error(`the population has no such ${what}`);
}
