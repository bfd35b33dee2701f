import { COOPERATIVE_KINDS, type CooperativeKind, NATIONAL_UNION_KIND } from './cooperative-kinds.js';
import { mersisNoOf, vkns } from './numbers.js';
import { type Cooperative, type CooperativeState, type LevelOfUnion, MINISTRIES } from './population.js';
import { PROVINCES } from './provinces.js';
import { type Random, randomStream } from './random.js';

/** From this size the population has a national union, a central union and a union; below, primary cooperatives only. */
const SIZE_WITH_UNIONS = 20;

const LEVELS = [
  { level: 'birim', weight: 95 },
  { level: 'birlik', weight: 4 },
  { level: 'merkez birliği', weight: 1 },
] as const;
const STATES = [
  { state: 'faal', weight: 88 },
  { state: 'tasfiye', weight: 9 },
  { state: 'terkin', weight: 3 },
] as const;
/** Words that cooperatives are named by. */
const NAME_WORDS = [
  ...[
    'ÇINAR',
    'YEŞİLKENT',
    'GÜVEN',
    'BARIŞ',
    'UMUT',
    'ÖZLEM',
    'IŞIK',
    'YILDIZ',
    'GÜNEŞ',
    'BAŞAK',
    'EMEK',
    'BİRLİK',
    'DOSTLAR',
  ],
  ...[
    'KARDEŞLER',
    'YENİ ÇAĞ',
    'CUMHURİYET',
    'ÖĞRETMENLER',
    'ÇAĞDAŞ',
    'BEREKET',
    'KIRÇİÇEĞİ',
    'SEDİR',
    'ERGUVAN',
    'PINAR',
    'GÖKSU',
  ],
];

/** The cooperatives without their boards. The first three are working primary ones, one of each ministry. */
export function drawCooperatives(seed: string, count: number): Cooperative[] {
  const numbers = randomStream(seed, 'cooperative-numbers');
  const random = randomStream(seed, 'cooperatives');
  const taken = new Set<string>();
  return vkns(numbers, count).map((vkn, index) => {
    const { kind, seviye, durum } = drawSort(random, index, count >= SIZE_WITH_UNIONS);
    const il = kind === NATIONAL_UNION_KIND ? 'Ankara' : random.pick(PROVINCES);
    return {
      mersisNo: mersisNoOf(vkn, numbers),
      vkn,
      unvan: drawUnvan(random, kind, seviye, il, taken),
      tur: kind.tur,
      seviye,
      kanun: kind.kanun,
      il,
      ilgiliBakanlik: kind.ilgiliBakanlik,
      durum,
      board: [],
    };
  });
}

interface Sort {
  readonly kind: CooperativeKind;
  readonly seviye: LevelOfUnion;
  readonly durum: CooperativeState;
}

function drawSort(random: Random, index: number, withUnions: boolean): Sort {
  const ministry = MINISTRIES[index];
  if (ministry !== undefined) {
    const own = COOPERATIVE_KINDS.filter(({ ilgiliBakanlik }) => ilgiliBakanlik === ministry);
    return { kind: random.weighted(own), seviye: 'birim', durum: 'faal' };
  }
  const kind = random.weighted(COOPERATIVE_KINDS);
  if (!withUnions) return { kind, seviye: 'birim', durum: random.weighted(STATES).state };
  if (index === 3) return { kind: NATIONAL_UNION_KIND, seviye: 'TMKB', durum: 'faal' };
  if (index === 4) return { kind, seviye: 'merkez birliği', durum: 'faal' };
  if (index === 5) return { kind, seviye: 'birlik', durum: 'faal' };
  return { kind, seviye: random.weighted(LEVELS).level, durum: random.weighted(STATES).state };
}

/** A trade name that no other cooperative here has; `S.S.` = sınırlı sorumlu (limited liability). */
function drawUnvan(
  random: Random,
  kind: CooperativeKind,
  seviye: LevelOfUnion,
  il: string,
  taken: Set<string>,
): string {
  const [stem, place] = [kind.tur, il].map((text) => text.toLocaleUpperCase('tr')) as [string, string];
  const name = {
    TMKB: stem,
    'merkez birliği': `S.S. ${stem} KOOPERATİFLERİ MERKEZ BİRLİĞİ`,
    birlik: `S.S. ${place} ${stem} KOOPERATİFLERİ BİRLİĞİ`,
    birim: `S.S. ${place} ${random.pick(NAME_WORDS)} ${stem} KOOPERATİFİ`,
  }[seviye];
  let unvan = name;
  for (let number = 2; taken.has(unvan); number += 1) unvan = name.replace('S.S. ', `S.S. ${number} NOLU `);
  taken.add(unvan);
  return unvan;
}
