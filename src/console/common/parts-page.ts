import type { Answer, OpenCall } from '../frame/call.js';
import type { Part } from '../frame/parts.js';
import { SAMPLES } from './parts-page-samples.js';

/** `GET /konsol/parcalar`: the design system. Each part with sample data, its name in the code and when to use it; the page is made of them itself. */
export async function showParts(_call: OpenCall): Promise<Answer> {
  return {
    kind: 'page',
    page: {
      title: { tr: 'Sayfa parçaları', en: 'Parts of pages' },
      back: { href: '/konsol', text: { tr: 'Konsol', en: 'Console' } },
      help: {
        tr: 'Konsolun bütün sayfaları bu parçalardan yapılır. Her parçanın ne zaman kullanılacağı yazar. Veriler uydurmadır; formlar hiçbir şey yapmaz.',
        en: 'All pages of the console are made of these parts. Each says when to use it. The data are made up; the forms do nothing.',
      },
      parts: SAMPLES.flatMap(({ name, parts, title, when }): readonly Part[] => [
        { part: 'heading', text: title, id: name },
        { part: 'text', text: when },
        { part: 'text', text: { tr: `Kodda: ${name}`, en: `In the code: ${name}` }, quiet: true },
        ...parts,
      ]),
    },
  };
}
