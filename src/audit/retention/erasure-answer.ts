import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Lane } from '../lane.js';
import { sideTag } from '../person-keys.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber, subjectNumber } from './officer.js';
import { readState, termInForce } from './state.js';
import { answerDueBy, dueDay } from './term.js';
import type { RetentionTools } from './tools.js';

/** A person's wish to be erased, as it was received. */
export interface ErasureRequest {
  readonly officer: ActingOfficer;
  readonly subject: KimlikNo;
  readonly requestNo: string;
  readonly receivedOn: string;
}

/** The answer that a person gets. Days `YYYY-MM-DD`. */
export interface ErasureAnswer {
  readonly requestNo: string;
  readonly receivedOn: string;
  readonly dueBy: string;
  readonly legalGround: string;
  readonly termYears: number;
  /** Years of which data are kept, and the day on which each falls due. */
  readonly years: readonly { readonly year: number; readonly due: string }[];
  /** The day on which the oldest of them falls due; null where nothing is kept. */
  readonly firstDestruction: string | null;
  readonly leafIndex: bigint;
}

/**
 * Answers a wish inside the term with the legal ground; destroys nothing. The legal duty to keep who asked what goes before a
 * person's wish (facts/fees-and-records.md §1). Refused: `TOKEN_INVALID`.
 */
export function createErasureLane(tools: RetentionTools): Lane<ErasureRequest, Verdict<ErasureAnswer>> {
  return exclusiveLane('5-retention-erasure', async (tx, request, now) => {
    const { officer, subject, requestNo, receivedOn } = request;
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    const { rows } = await tx.query<{ year: number }>({
      text: 'SELECT DISTINCT year FROM bridge.person_key WHERE tag = ANY($1::bytea[]) ORDER BY year',
      values: [[sideTag(tools.tagger, 'actor', subject), sideTag(tools.tagger, 'subject', subject)]],
    });
    const termYears = termInForce(await readState(tx, false), tools.years);
    const years = rows.map(({ year }) => ({ year, due: dueDay(year, termYears) }));
    const firstDestruction = years[0]?.due ?? null;
    const dueBy = answerDueBy(receivedOn);
    const entry = retentionEntry(
      'erasure.answered',
      {
        actor: officer.session,
        dueBy,
        firstDestruction,
        instance: tools.instance,
        legalGround: tools.legalGround,
        receivedOn,
        requestNo,
        years: years.map(({ year }) => year),
      },
      [actorNumber(officer.person), subjectNumber(subject)],
      now,
    );
    return done([entry], [], ({ leafIndex }) => ({
      requestNo,
      receivedOn,
      dueBy,
      legalGround: tools.legalGround,
      termYears,
      years,
      firstDestruction,
      leafIndex,
    }));
  });
}

/** The answer in words. Names nobody: it goes under a letterhead that does. */
export function erasureTexts(answer: ErasureAnswer): { readonly tr: string; readonly en: string } {
  const { requestNo, receivedOn, dueBy, legalGround, termYears, years, firstDestruction } = answer;
  const list = years.map(({ year, due }) => `${year} → ${due}`).join(', ');
  const keptTr =
    firstDestruction === null
      ? 'Adınıza saklanan sorgu kaydı bulunmamaktadır; yalnızca bu başvurunun kaydı tutulmaktadır.'
      : `Kimlik sorgularının kayıtlarını tutmak kurumun yasal yükümlülüğüdür; bu nedenle süresi dolmamış kayıtlar talep üzerine silinmez. Saklama süresi, kaydın ait olduğu yılı izleyen ${termYears} tam yıldır. Kişisel veriler, yasal bir muhafaza kararı bulunmadıkça, şu tarihlerden itibaren kendiliğinden yok edilir (yıl → tarih): ${list}. İlk yok etme tarihi: ${firstDestruction}.`;
  const keptEn =
    firstDestruction === null
      ? 'No record of a query is kept under your number; only this request is on record.'
      : `The institution is bound by law to keep the records of identity queries, so records inside their term are not erased on request. The term is ${termYears} whole years after the year of the record. Unless a legal hold stands, personal data are destroyed by themselves from these days on (year → day): ${list}. First destruction: ${firstDestruction}.`;
  return {
    tr: `${requestNo} sayılı, ${receivedOn} tarihli başvurunuz incelenmiştir.\nHukuki dayanak: ${legalGround}.\n${keptTr}\nBu yanıt en geç ${dueBy} tarihine kadar (otuz gün) verilir. Karara karşı Kişisel Verileri Koruma Kuruluna şikâyet hakkınız saklıdır (KVKK m.14).`,
    en: `Your request ${requestNo} of ${receivedOn} has been examined.\nLegal ground: ${legalGround}.\n${keptEn}\nThis answer is due by ${dueBy} (thirty days). You may complain to the Personal Data Protection Board (KVKK art. 14).`,
  };
}
