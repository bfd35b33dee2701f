import { maskNumber } from './mask.js';

/** A member who was saved: only what is shown again. */
export interface Member {
  readonly cooperative: string;
  readonly maskedNo: string;
  readonly ad: string;
  readonly soyad: string;
  readonly leafIndex: number;
}

/** What a page shows; the oldest go. */
const MAX_MEMBERS = 500;

/** Members that were saved, in memory. Whoever has no match never gets here (m.9(3)). */
export class Members {
  readonly #members: Member[] = [];

  save(one: {
    readonly cooperative: string;
    readonly kimlikNo: string;
    readonly ad: string;
    readonly soyad: string;
    readonly leafIndex: number;
  }): Member {
    const { cooperative, kimlikNo, ad, soyad, leafIndex } = one;
    const member = { cooperative, maskedNo: maskNumber(kimlikNo), ad, soyad, leafIndex };
    this.#members.push(member);
    if (this.#members.length > MAX_MEMBERS) this.#members.shift();
    return member;
  }

  of(cooperatives: ReadonlySet<string>): readonly Member[] {
    return this.#members.filter(({ cooperative }) => cooperatives.has(cooperative));
  }
}
