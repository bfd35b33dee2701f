import { ACCESS } from '../../access.js';
import type { Page, Part, Text } from '../../frame/parts.js';
import { factsPart, plainParts, type RevealForm, rawPart, sealedParts } from './entry-parts.js';
import type { EntryProof, FeeOfQuery, LoggedEntry, QueryStory } from './ports.js';
import { proofParts } from './proof-part.js';
import { querySteps } from './query-steps.js';

/** Everything that the page of an entry is made from. `story` null: it is no query, or the query is not at hand. */
export interface StoryContent {
  readonly entry: LoggedEntry;
  readonly story: QueryStory | null;
  readonly fee: FeeOfQuery | null;
  readonly proof: EntryProof;
  readonly reveal: RevealForm;
}

const BACK = { href: ACCESS.search.path, text: { tr: 'Kayıtlarda arama', en: 'Search the log' } } as const;

/** The page of one entry. Nothing personal stands in its title. */
export function storyPage({ entry, fee, proof, reveal, story }: StoryContent): Page {
  return {
    title: { tr: `Kayıt ${entry.leaf}`, en: `Entry ${entry.leaf}` },
    help: {
      tr: 'Bir kaydın öyküsü: kim, hangi yetkiyle, ne sordu, ne yanıt geldi, ne tuttu ve bunun kanıtı. Kişisel değerler kapalıdır; biri ancak gerekçesi yazılarak açılır ve bu da kayda geçer.',
      en: 'The story of an entry: who asked what, by what right, what came back, what it cost, and its proof. Personal values are closed; one is opened for a stated reason alone, which is itself an entry.',
    },
    back: BACK,
    parts: [
      ...openedNotice(reveal),
      factsPart(entry),
      ...(story === null ? plainParts(entry) : queryParts(story, fee, entry)),
      ...sealedParts(entry, reveal),
      ...proofParts(entry, proof),
      rawPart(entry),
    ],
  };
}

function openedNotice({ opened }: RevealForm): readonly Part[] {
  if (opened === undefined) return [];
  return [
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: `Bir değer açıldı. Bu, gerekçenizle birlikte ${opened.leaf} numaralı kayda yazıldı. Sayfadan ayrılınca değer kapanır.`,
        en: `One value was opened. That stands with your reason in entry ${opened.leaf}. It is closed again when you leave the page.`,
      },
    },
  ];
}

function queryParts(story: QueryStory, fee: FeeOfQuery | null, { data }: LoggedEntry): readonly Part[] {
  const id = typeof data.query === 'string' ? data.query : data.of;
  return [
    { part: 'heading', text: { tr: 'Sorgunun öyküsü', en: 'The story of the query' } },
    ...missingNotice(story),
    {
      part: 'steps',
      label: { tr: 'Sorgunun öyküsü', en: 'The story of the query' },
      steps: querySteps(story, fee),
    },
    {
      part: 'links',
      label: { tr: 'Bu sorgu', en: 'This query' },
      links: [
        {
          href: ACCESS.evidence.path.replace(':query', String(id)),
          text: { tr: 'Delil dosyası hazırla', en: 'Make its evidence' },
          kind: 'second',
        },
      ],
    },
  ];
}

const PARTS: Readonly<Record<string, Text>> = {
  outcome: { tr: 'sonuç', en: 'outcome' },
  'sign-in': { tr: 'oturum', en: 'sign-in' },
  authority: { tr: 'yetki', en: 'authority' },
  seat: { tr: 'görev', en: 'seat' },
  tariff: { tr: 'tarife', en: 'tariff' },
};

function missingNotice({ detached, missing }: QueryStory): readonly Part[] {
  if (missing.length === 0) return [];
  return [
    {
      part: 'notice',
      tone: 'warning',
      text:
        detached.length === 0
          ? {
              tr: 'Öykünün şu parçaları kayıtlarda bulunamadı:',
              en: 'These parts of the story were not found in the log:',
            }
          : {
              tr: 'Öykünün şu parçaları bulunamadı; veritabanından çıkarılmış eski aralıklarda duruyor olabilirler:',
              en: 'These parts of the story were not found; they may stand in old ranges that are detached:',
            },
      list: missing.map((role) => PARTS[role] ?? role),
    },
  ];
}

/** The page of a leaf whose range is not in the database. */
export function detachedPage(leaf: bigint): Page {
  return {
    title: { tr: `Kayıt ${leaf}`, en: `Entry ${leaf}` },
    help: {
      tr: 'Eski kayıt aralıkları mühürlü dosya olarak çıkarılıp saklanır; geri alınmadan açılamaz.',
      en: 'Old ranges are kept as sealed exports, and must be brought back before they can be opened.',
    },
    back: BACK,
    parts: [
      {
        part: 'notice',
        tone: 'warning',
        text: {
          tr: 'Bu kayıt, veritabanından çıkarılmış bir aralıktadır. Görmek için işletme biriminden aralığı geri almasını isteyiniz.',
          en: 'This entry is in a range that is detached from the database. Ask operation to bring the range back.',
        },
      },
    ],
  };
}
