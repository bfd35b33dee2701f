import type { HoldPage, HoldSummary } from '../../../audit/retention/holds.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { WaitingDecision } from '../../decisions/port.js';
import type { Cell, Page, Part } from '../../frame/parts.js';
import type { Typed } from '../evidence/typed.js';
import { destroyForm, holdForm, liftForm, RETENTION_PATH } from './forms.js';
import type { TermState } from './ports.js';
import { NO_DEED, type TypedDestruction, type TypedHold } from './typed-forms.js';

/** What the page shows beside its forms. */
export interface ShownRetention {
  readonly term: TermState;
  readonly waiting: readonly WaitingDecision[];
  readonly holds: HoldPage;
  /** Whether the holds are the first page of theirs. */
  readonly isFirst: boolean;
}

/** What is on the forms: nothing, or what was typed into one of them. */
export interface OnForms {
  readonly destroy?: TypedDestruction;
  readonly hold?: TypedHold;
  /** The hold that is to be lifted. */
  readonly lift?: { readonly hold: HoldSummary; readonly reason: Typed<string> };
  /** Said above everything. */
  readonly notice?: Part;
}

/** Retention, destruction and legal hold. */
export function retentionPage(shown: ShownRetention, forms: OnForms): Page {
  const { destroy = NO_DEED, hold = NO_DEED, lift, notice } = forms;
  return {
    title: { tr: 'Saklama, imha, yasal tutma', en: 'Retention, destruction, legal hold' },
    help: {
      tr: 'Kişisel veriler, saklama süresi dolunca kendiliğinden imha edilir. Süre dolmadan imha, mahkeme ya da Kurul kararıyla ve ikinci bir görevlinin onayıyla yapılır. Yasal tutma imhayı durdurur: koymaya bir görevli yeter, kaldırmayı ikinci bir görevli onaylar.',
      en: 'Personal data are destroyed by themselves once their term has ended. Before it they are destroyed on a decision of a court or the Board, and a second officer confirms. A legal hold stops destruction: one officer places it, a second one confirms its lifting.',
    },
    parts: [
      ...(notice === undefined ? [] : [notice]),
      ...(lift === undefined ? [] : liftParts(lift)),
      { part: 'heading', text: { tr: 'Saklama süresi', en: 'Term' } },
      ...termParts(shown.term),
      waitingTable(shown.waiting),
      holdsTable(shown.holds),
      pagerOf(shown),
      destroyForm(destroy),
      holdForm(hold),
    ],
  };
}

function liftParts({ hold, reason }: NonNullable<OnForms['lift']>): readonly Part[] {
  return [
    { part: 'heading', text: { tr: 'Kaldırılacak tutma', en: 'The hold to be lifted' }, id: 'kaldir' },
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Tutma', en: 'Hold' }, value: { code: hold.id } },
        { label: { tr: 'Yıllar', en: 'Years' }, value: yearsText(hold) },
        { label: { tr: 'Makam', en: 'Authority' }, value: hold.document.authority },
        { label: { tr: 'Belge', en: 'Document' }, value: hold.document.number },
        { label: { tr: 'Belge tarihi', en: 'Day of the document' }, value: dayText(hold.document.date) },
      ],
    },
    liftForm(hold.id, reason),
  ];
}

function termParts(term: TermState): readonly Part[] {
  const { configured, everyDays, lastRunAt, legalGround, proposalDays, years } = term;
  return [
    ...(configured < years
      ? [
          {
            part: 'notice',
            tone: 'warning',
            text: {
              tr: `Ayarlardaki süre ${configured} yıldır; iki görevli onaylayana kadar ${years} yıl geçerlidir (bridge audit destroy shorten).`,
              en: `The settings say ${configured} years; until two officers confirm it, ${years} years are in force (bridge audit destroy shorten).`,
            },
          } as const,
        ]
      : []),
    {
      part: 'facts',
      rows: [
        {
          label: { tr: 'Geçerli süre', en: 'Term in force' },
          value: {
            tr: `Kaydın yılından sonra ${years} tam yıl`,
            en: `${years} whole years after the year of the entry`,
          },
        },
        { label: { tr: 'Hukuki dayanak', en: 'Legal ground' }, value: legalGround },
        {
          label: { tr: 'Son düzenli imha taraması', en: 'Last periodic run' },
          value: lastRunAt === null ? { tr: 'henüz yapılmadı', en: 'none yet' } : momentText(lastRunAt),
        },
        {
          label: { tr: 'Tarama aralığı', en: 'How often' },
          value: { tr: `${everyDays} günde bir`, en: `every ${everyDays} days` },
        },
        {
          label: { tr: 'Önerinin geçerliliği', en: 'A proposal waits' },
          value: { tr: `${proposalDays} gün`, en: `${proposalDays} days` },
        },
      ],
    },
  ];
}

function waitingTable(waiting: readonly WaitingDecision[]): Part {
  return {
    part: 'table',
    caption: { tr: 'İkinci görevliyi bekleyen öneriler', en: 'Proposals that wait for a second officer' },
    columns: [
      { label: { tr: 'Öneri', en: 'Proposal' } },
      { label: { tr: 'Öneren', en: 'Proposed by' } },
      { label: { tr: 'Önerildiği an', en: 'Proposed' } },
      { label: { tr: 'Son an', en: 'Void after' } },
    ],
    rows: waiting.map(({ expiresAt, id, isOwn, proposedAt, state, subject }): readonly Cell[] => [
      { href: `/konsol/kararlar/${id}`, text: subject },
      isOwn
        ? { tr: 'Siz (başka bir görevli karar verir)', en: 'You (another officer decides)' }
        : { tr: 'Başka bir görevli', en: 'Another officer' },
      momentText(proposedAt),
      state === 'open'
        ? momentText(expiresAt)
        : {
            mark: 'warning',
            text:
              state === 'expired'
                ? { tr: 'Süresi doldu', en: 'Expired' }
                : { tr: 'Yalnızca reddedilebilir', en: 'Can only be refused' },
          },
    ]),
    empty: { tr: 'Bekleyen öneri yok.', en: 'Nothing waits.' },
  };
}

function holdsTable({ holds }: HoldPage): Part {
  return {
    part: 'table',
    caption: { tr: 'Yasal tutmalar (geçerli olanlar önce)', en: 'Legal holds (standing ones first)' },
    columns: [
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Yıllar', en: 'Years' } },
      { label: { tr: 'Makam', en: 'Authority' } },
      { label: { tr: 'Belge', en: 'Document' } },
      { label: { tr: 'Belge tarihi', en: 'Day of the document' } },
      { label: { tr: 'Kişi', en: 'Person' } },
      { label: { tr: 'Kayıt', en: 'Entry' } },
      { label: { tr: 'İşlem', en: 'Action' } },
    ],
    rows: holds.map((hold): readonly Cell[] => [
      hold.liftedLeaf === null
        ? { mark: 'warning', text: { tr: 'Geçerli', en: 'Stands' } }
        : { mark: 'calm', text: { tr: 'Kaldırıldı', en: 'Lifted' } },
      yearsText(hold),
      hold.document.authority,
      hold.document.number,
      dayText(hold.document.date),
      '***',
      { href: `/konsol/guvenlik/kayit/${hold.placedLeaf}`, text: String(hold.placedLeaf) },
      hold.liftedLeaf === null
        ? {
            href: `${RETENTION_PATH}?tutma=${hold.id}#kaldir`,
            text: { tr: 'Kaldırmayı öner', en: 'Propose to lift' },
          }
        : {
            href: `/konsol/guvenlik/kayit/${hold.liftedLeaf}`,
            text: { tr: 'Kaldırma kaydı', en: 'Entry of lifting' },
          },
    ]),
    empty: { tr: 'Yasal tutma yok.', en: 'No legal holds.' },
  };
}

function yearsText({ yearFrom, yearTo }: HoldSummary): string {
  return yearFrom === yearTo ? String(yearFrom) : `${yearFrom}–${yearTo}`;
}

function pagerOf({ holds: { holds, next }, isFirst }: ShownRetention): Part {
  return {
    part: 'pager',
    shown: { tr: `Bu sayfada ${holds.length} tutma`, en: `${holds.length} holds on this page` },
    first: isFirst ? null : RETENTION_PATH,
    next:
      next === null
        ? null
        : `${RETENTION_PATH}?sonra=${next.stands ? 'gecerli' : 'kalkan'}:${next.placedLeaf}`,
  };
}
