import { createHash } from 'node:crypto';
import { addDays } from '../population/calendar.js';
import type { WorldCooperative, WorldSeat } from '../world/world.js';
import { daysBetween } from './history/board.js';
import type { Wire } from './wire.js';

const STATES: Readonly<Record<string, string>> = {
  faal: 'FAAL',
  tasfiye: 'TASFIYE',
  terkin: 'TERKIN',
  birleşme: 'BIRLESME',
};
const DUTIES: Readonly<Record<string, string>> = {
  'yönetim kurulu üyesi': 'YONETIM_KURULU_UYESI',
  denetçi: 'DENETCI',
  'tasfiye memuru': 'TASFIYE_MEMURU',
  kayyım: 'KAYYIM',
};
/** An application lies so long before it is accepted; guessed. */
const ACCEPTED_AFTER_DAYS = 10;
/** A number of the trade registry gazette and its day, from which the others are counted on working days. */
const GAZETTE = { number: 11_045, day: '2026-03-14' } as const;
/** Status days of worlds that were kept before they were known. */
const LONG_AGO = '2000-01-01';

/** The cooperative as the registry answers on `day`, by the names of the WSDL. Ended duties stay listed. */
export function recordOf(cooperative: WorldCooperative, day: string): Wire {
  const { durum, halef, board } = cooperative;
  return [
    ['MersisNo', cooperative.mersisNo],
    ['VergiNo', cooperative.vkn],
    ['Unvan', cooperative.unvan],
    ['Tur', cooperative.tur],
    ['Seviye', cooperative.seviye],
    ['Kanun', cooperative.kanun],
    ['Il', cooperative.il],
    ['Durum', STATES[durum] ?? durum],
    ['DurumTarihi', statusDay(cooperative)],
    ...(halef === undefined ? [] : [['HalefMersisNo', halef] as const]),
    ['Gorevler', { of: 'Gorev', items: board.map((seat) => dutyOf(seat, cooperative.mersisNo, day)) }],
  ];
}

/** The cooperative as it was known on an earlier `day`: without what was elected, registered or decided since. */
export function asItWas(cooperative: WorldCooperative, day: string): WorldCooperative {
  const { halef: _halef, ...rest } = cooperative;
  const board = cooperative.board
    .filter(({ baslangic }) => baslangic <= day)
    .map(({ tescil, ...seat }) => (tescil === undefined || tescil > day ? seat : { ...seat, tescil }));
  if (statusDay(cooperative) <= day) return { ...cooperative, board };
  return { ...rest, board, durum: 'faal', durumTarihi: firstDay(cooperative, day) };
}

function dutyOf(seat: WorldSeat, mersisNo: string, day: string): Wire {
  const { bitis, temsil, tuzelKisi } = seat;
  return [
    ['GorevTuru', DUTIES[seat.gorev] ?? seat.gorev],
    tuzelKisi === undefined
      ? ['GercekKisi', [['KimlikNo', seat.kimlikNo]]]
      : [
          'TuzelKisi',
          [
            ['VergiNo', tuzelKisi.vkn],
            ['Unvan', tuzelKisi.unvan],
            ['TemsilciKimlikNo', seat.kimlikNo],
          ],
        ],
    ['Baslangic', seat.baslangic],
    ...(bitis === undefined ? [] : [['Bitis', bitis] as const]),
    ['Tescil', registrationOf(seat, mersisNo, day)],
    ...(temsil === undefined ? [] : [['TemsilSekli', temsil] as const]),
  ];
}

/** Beklemede, Kabul edildi, tescil (facts/mersis-koopbis.md §1). The gazette comes some days after the registration. */
function registrationOf({ tescil, baslangic }: WorldSeat, mersisNo: string, day: string): Wire {
  if (tescil === undefined) {
    const accepted = daysBetween(baslangic, day) >= ACCEPTED_AFTER_DAYS;
    return [['Durum', accepted ? 'KABUL_EDILDI' : 'BEKLEMEDE']];
  }
  const gazette = gazetteOf(mersisNo, tescil);
  return [
    ['Durum', 'TESCIL_EDILDI'],
    ['Tarih', tescil],
    ...(gazette.day <= day ? [['Gazete', gazette.text] as const] : []),
  ];
}

/** The same for everything that was registered for one cooperative on one day. */
function gazetteOf(mersisNo: string, tescil: string): { readonly day: string; readonly text: string } {
  const drawn = createHash('sha256').update(`${mersisNo} ${tescil}`).digest();
  const day = addDays(tescil, 3 + (drawn.readUInt8(0) % 6));
  const number = Math.max(1, GAZETTE.number + Math.floor((daysBetween(GAZETTE.day, day) * 5) / 7));
  return { day, text: `${day} ${number}/${1 + (drawn.readUInt16BE(1) % 900)}` };
}

function statusDay(cooperative: WorldCooperative): string {
  return cooperative.durumTarihi ?? firstDay(cooperative, '9999-12-31');
}

/** The earliest day of which anything is known here, not after `day`. */
function firstDay({ board }: WorldCooperative, day: string): string {
  const days = [LONG_AGO, day, ...board.map(({ baslangic }) => baslangic)];
  return days.sort()[0] ?? LONG_AGO;
}
