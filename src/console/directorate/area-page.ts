import type { Area } from '../../authority/area/area.js';
import { formatCount } from '../../fees/kurus.js';
import type { Page, Text, Tone } from '../frame/parts.js';
import type { AreaState } from './ports.js';
import { areaText } from './words.js';

const MANY = 1_000;

/** What waits in the own area, and where to go. */
export function areaPage(areas: readonly Area[], state: AreaState): Page {
  return {
    title: { tr: 'Müdürlük: bekleyenler', en: 'Directorate: waiting' },
    help: {
      tr: 'Görev alanınızdaki kooperatifler ve sizden karar bekleyen işler. Bir kutuya basınca listesi açılır.',
      en: 'The cooperatives of your area and what waits for a decision. A tile opens its list.',
    },
    parts: [
      {
        part: 'facts',
        rows: [{ label: { tr: 'Görev alanınız', en: 'Your area' }, value: { lines: areas.map(areaText) } }],
      },
      {
        part: 'tiles',
        tiles: [
          {
            label: { tr: 'Karar bekleyen yetkili başvurusu', en: 'Applications that wait' },
            value: countText(state.applications),
            href: '/konsol/mudurluk/basvurular',
            tone: toneOf(state.applications),
          },
          {
            label: { tr: 'Çözülmemiş uyuşmazlık', en: 'Disagreements to settle' },
            value: countText(state.disagreements),
            href: '/konsol/mudurluk/uyusmazliklar',
            tone: toneOf(state.disagreements),
          },
          {
            label: {
              tr: 'Adına kimsenin işlem yapamadığı kooperatif',
              en: 'Cooperatives for which nobody acts',
            },
            value: countText(state.nobodyActs),
            note: {
              tr: 'Faal ya da tasfiye hâlinde olup süren, tescilli görevi bulunmayanlar.',
              en: 'Active or in liquidation, without a registered seat that runs.',
            },
            href: '/konsol/mudurluk/kooperatifler?kimse=1',
            tone: toneOf(state.nobodyActs),
          },
          {
            label: { tr: 'Görev alanınızdaki kooperatif', en: 'Cooperatives of your area' },
            value: formatCount(state.cooperatives),
            href: '/konsol/mudurluk/kooperatifler',
          },
        ],
      },
    ],
  };
}

function countText(count: number): Text {
  return count > MANY ? { tr: '1.000’den çok', en: 'more than 1,000' } : formatCount(count);
}

function toneOf(count: number): Tone {
  return count === 0 ? 'good' : 'warning';
}
