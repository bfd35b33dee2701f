import type { DataOf, EntryKind } from '../../../audit/catalogue/catalogue.js';
import type { StoryEntry, StoryRole } from '../../../audit/export/find-story.js';
import { shownGround } from '../../../audit/shown-ground.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import { gazetteText } from '../../directorate/rule-words.js';
import type { Fact, Text } from '../../frame/parts.js';
import { capacityWord, purposeWord, reasonWord, resultWord, strengthWord } from '../search/words.js';
import { entryLinks, fact, type Step } from './cells.js';
import { feeStep } from './fee-step.js';
import type { FeeOfQuery, QueryStory } from './ports.js';

/** Rows that one step shows of what may be many. */
const MAX_SHOWN = 5;

/** The story of a query, in the order in which it happened. */
export function querySteps(story: QueryStory, fee: FeeOfQuery | null): readonly Step[] {
  return [
    signInStep(story),
    rightStep(story),
    askedStep(story),
    checkedStep(story),
    ...endSteps(story),
    ...againSteps(story),
    feeStep(
      fee,
      hasEnded(story),
      ofRole(story, 'tariff').map(({ leaf }) => leaf),
    ),
  ];
}

function signInStep(story: QueryStory): Step {
  const title = { tr: 'Kim, nasıl oturum açtı?', en: 'Who signed in, and how?' };
  const [opened] = ofRole(story, 'sign-in');
  if (opened === undefined) return missing(title);
  const { at, data } = told<'session.opened'>(opened.line);
  const judged = story.judged === null ? null : told<'two-step.judged'>(story.judged.line).data;
  return {
    title,
    state: 'done',
    at: momentText(at),
    facts: [
      fact({ tr: 'Yöntem', en: 'Method' }, data.method),
      fact({ tr: 'Uygulama', en: 'Application' }, data.client),
      fact({ tr: 'Oturum gücü', en: 'Strength' }, strengthWord(data.acr)),
      ...(judged === null
        ? []
        : [
            fact({ tr: 'İki aşamalı giriş kararı', en: 'Two-step rule' }, judgedWord(judged.judged)),
            fact({ tr: 'e-Devlet’in bildirdiği düzey', en: 'Level that e-Devlet gave' }, judged.level ?? '—'),
          ]),
      fact({ tr: 'Oturum', en: 'Session' }, { code: data.session }),
    ],
    body: entryLinks([opened.leaf, ...(story.judged === null ? [] : [story.judged.leaf])]),
  };
}

function rightStep(story: QueryStory): Step {
  const title = { tr: 'Hangi yetkiyle?', en: 'By what right?' };
  const intent = intentOf(story);
  const { authority, cooperative } = intent.data;
  const [rests] = ofRole(story, 'authority');
  const [seat] = ofRole(story, 'seat');
  return {
    title,
    state: rests === undefined ? 'failed' : 'done',
    facts: [
      fact({ tr: 'Sıfatı', en: 'Capacity' }, capacityWord(authority.role)),
      fact({ tr: 'Kooperatif', en: 'Cooperative' }, cooperative),
      fact({ tr: 'Görev ya da rol numarası', en: 'Seat or role' }, { code: authority.basis }),
      ...(rests === undefined ? [] : restsOn(rests, seat)),
    ],
    body: [
      ...(rests === undefined
        ? [{ tr: 'Dayandığı kayıt bulunamadı.', en: 'The entry that it rests on was not found.' }]
        : []),
      ...entryLinks([rests, seat].flatMap((entry) => (entry === undefined ? [] : [entry.leaf]))),
    ],
  };
}

/** What a role or a seat rests on: the registration, or the ministry's grant. */
function restsOn(rests: StoryEntry, seat: StoryEntry | undefined): readonly Fact[] {
  if (kindOf(rests.line) === 'role.granted') {
    const { at, data } = told<'role.granted'>(rests.line);
    return [
      fact({ tr: 'Rol', en: 'Role' }, capacityWord(data.role)),
      fact(
        { tr: 'Bakanlık ve il', en: 'Ministry and il' },
        [data.ministry, data.il].filter(Boolean).join(' / ') || '—',
      ),
      fact({ tr: 'Verildi', en: 'Granted' }, momentText(at)),
    ];
  }
  const version = fact(
    { tr: 'Yetki kaydının sürümü', en: 'Version of the record' },
    String((JSON.parse(rests.line) as { data: { version: number } }).data.version),
  );
  if (seat === undefined) return [version];
  const { data } = told<'seat.recorded'>(seat.line);
  return [
    version,
    fact(
      { tr: 'Tescil tarihi', en: 'Registered on' },
      data.registeredOn === null ? '—' : dayText(data.registeredOn),
    ),
    fact(
      { tr: 'Ticaret sicili gazetesi', en: 'Trade registry gazette' },
      data.gazette === null ? '—' : gazetteText(data.gazette),
    ),
    fact({ tr: 'Görevin başlangıcı', en: 'Term from' }, dayText(data.startsOn)),
    fact(
      { tr: 'Görevin bitişi', en: 'Term until' },
      data.endsOn === null ? { tr: 'süresiz', en: 'without end' } : dayText(data.endsOn),
    ),
    fact({ tr: 'Kaynak', en: 'Source' }, data.source),
  ];
}

function askedStep(story: QueryStory): Step {
  const { at, data } = intentOf(story);
  const [intent] = ofRole(story, 'intent');
  return {
    title: { tr: 'Ne soruldu?', en: 'What was asked?' },
    state: 'done',
    at: momentText(at),
    facts: [
      fact({ tr: 'Servis', en: 'Service' }, { lines: [data.service, data.serviceVersion] }),
      fact({ tr: 'Amaç', en: 'Purpose' }, purposeWord(data.purpose)),
      fact({ tr: 'Hukuki dayanak', en: 'Legal ground' }, shownGround(data.legalGround)),
      fact({ tr: 'Dosya ya da karar no', en: 'Reference' }, data.reference ?? '—'),
      fact({ tr: 'Ekran', en: 'Screen' }, data.screen ?? '—'),
      fact({ tr: 'Kurum', en: 'Institution' }, data.institution),
      fact({ tr: 'Uygulama', en: 'Application' }, data.client),
      fact({ tr: 'Sorgu numarası', en: 'Query id' }, { code: data.query }),
    ],
    body: entryLinks(intent === undefined ? [] : [intent.leaf]),
  };
}

function checkedStep(story: QueryStory): Step {
  const { data } = intentOf(story);
  return {
    title: { tr: 'Ne denetlendi?', en: 'What was checked?' },
    state: 'done',
    facts: [
      fact({ tr: 'Sorulan kişi sayısı', en: 'Persons asked about' }, String(data.criteria)),
      fact({ tr: 'Sonuç için son an', en: 'Deadline' }, momentText(new Date(data.deadline))),
    ],
    body: [
      {
        tr: 'Soru gönderilmeden önce: oturum, görev ve sıfat, amacın bu sıfata açık olması, tarife. Bunların tümü tutmadan bu kayıt yazılmaz ve soru çıkmaz.',
        en: 'Before it left: the session, seat and capacity, that the purpose is open to it, the tariff. Without all of them this entry is not written and nothing leaves.',
      },
    ],
  };
}

type Ending = DataOf<'query.outcome'> | DataOf<'query.late-outcome'>;

function endSteps(story: QueryStory): readonly Step[] {
  const title = { tr: 'Ne yanıt geldi?', en: 'What came back?' };
  const [end] = ofRole(story, 'outcome');
  if (end === undefined)
    return [{ title, state: 'current', body: [{ tr: 'Henüz sonuç yok.', en: 'No outcome yet.' }] }];
  const late = ofRole(story, 'late-outcome').map((one) =>
    endStep({ tr: 'Geç gelen sonuç', en: 'Late outcome' }, one),
  );
  return [endStep(title, end), ...late];
}

function endStep(title: Text, entry: StoryEntry): Step {
  const { at, data } = parsed<Ending>(entry.line);
  return {
    title,
    state: data.state === 'answered' ? 'done' : 'failed',
    at: momentText(at),
    facts: [
      fact({ tr: 'Sonuç', en: 'Outcome' }, resultWord(data.outcome ?? data.state)),
      fact(
        { tr: 'KPS’ye soruldu mu?', en: 'Was KPS asked?' },
        data.sent ? { tr: 'evet', en: 'yes' } : { tr: 'hayır', en: 'no' },
      ),
      fact({ tr: 'Sorulduğu an', en: 'Asked at' }, momentText(new Date(data.sentAt))),
      ...(data.code === null ? [] : [fact({ tr: 'Kod', en: 'Code' }, { code: data.code })]),
      ...(data.reason === null ? [] : [fact({ tr: 'Neden', en: 'Reason' }, reasonWord(data.reason))]),
      ...(data.hataKod === null
        ? []
        : [fact({ tr: 'KPS hata kodu', en: 'Error number of KPS' }, String(data.hataKod))]),
    ],
    body: entryLinks([entry.leaf]),
  };
}

/** The same answer given once more, or read: how often, and the first of them. */
function againSteps(story: QueryStory): readonly Step[] {
  const again = story.entries.filter(({ role }) => role === 'replayed' || role === 'read');
  if (again.length === 0) return [];
  return [
    {
      title: { tr: 'Yeniden okundu', en: 'Read again' },
      state: 'done',
      facts: [fact({ tr: 'Kaç kez', en: 'How often' }, String(again.length))],
      body: entryLinks(again.slice(0, MAX_SHOWN).map(({ leaf }) => leaf)),
    },
  ];
}

function hasEnded(story: QueryStory): boolean {
  return ofRole(story, 'outcome').length > 0;
}

function ofRole({ entries }: QueryStory, role: StoryRole): readonly StoryEntry[] {
  return entries.filter((entry) => entry.role === role);
}

function intentOf(story: QueryStory) {
  // A story without its intent is none (find-story.ts).
  return told<'query.intent'>((ofRole(story, 'intent')[0] as StoryEntry).line);
}

function told<K extends EntryKind>(line: string): { at: Date; data: DataOf<K> } {
  return parsed<DataOf<K>>(line);
}

function parsed<D>(line: string): { at: Date; data: D } {
  const { at, data } = JSON.parse(line) as { at: string; data: D };
  return { at: new Date(at), data };
}

function kindOf(line: string): string {
  return (JSON.parse(line) as { kind: string }).kind;
}

function missing(title: Text): Step {
  return { title, state: 'failed', body: [{ tr: 'Kaydı bulunamadı.', en: 'Its entry was not found.' }] };
}

function judgedWord(judged: DataOf<'two-step.judged'>['judged']): Text {
  switch (judged) {
    case 'two-step':
      return { tr: 'iki aşamalı', en: 'two steps' };
    case 'no-two-step-refused':
      return { tr: 'iki aşamalı değil, reddedildi', en: 'not two steps, refused' };
    case 'no-two-step-announced':
      return { tr: 'iki aşamalı değil, duyuru dönemi', en: 'not two steps, announced' };
    case 'no-two-step-before-rule':
      return { tr: 'iki aşamalı değil, kuraldan önce', en: 'not two steps, before the rule' };
  }
}
